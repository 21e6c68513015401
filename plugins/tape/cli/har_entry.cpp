// SPDX-License-Identifier: Apache-2.0
// Writes an entry with all members that HAR 1.2 requires.
#include "cli/har_entry.hpp"

#include "cli/units.hpp"
#include "format/json_text.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace shadowcat::tape {

namespace {

constexpr std::array<std::pair<int, std::string_view>, 9> kStatusTexts = {
    {{200, "OK"},
     {202, "Accepted"},
     {204, "No Content"},
     {400, "Bad Request"},
     {401, "Unauthorized"},
     {404, "Not Found"},
     {405, "Method Not Allowed"},
     {500, "Internal Server Error"},
     {503, "Service Unavailable"}}};

std::string_view status_text(int status) {
    const auto found =
        std::ranges::find(kStatusTexts, status, [](auto& each) { return each.first; });
    return found == kStatusTexts.end() ? std::string_view() : found->second;
}

std::string pair_text(std::string_view name, std::string_view value) {
    std::string text;
    ObjectText(text).text("name", name).text("value", value).end();
    return text;
}

std::string pairs_text(const HeaderList& pairs) {
    std::string text = "[";
    for (const auto& [name, value] : pairs)
        text += (text.size() > 1 ? "," : "") + pair_text(name, value);
    return text + "]";
}

bool same_name(std::string_view a, std::string_view b) {
    return std::ranges::equal(
        a, b, [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

std::string header_value(const HeaderList& headers, std::string_view name) {
    for (const auto& [key, value] : headers) {
        if (same_name(key, name)) return value;
    }
    return {};
}

std::string mime_type(const HeaderList& headers, std::string_view otherwise) {
    const std::string given = header_value(headers, "content-type");
    return given.empty() ? std::string(otherwise) : given;
}

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::string percent_decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool escape = text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 &&
                            hex_digit(text[i + 2]) >= 0;
        if (escape) {
            out += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
            i += 2;
        } else {
            out += text[i] == '+' ? ' ' : text[i];
        }
    }
    return out;
}

HeaderList query_of(std::string_view url) {
    HeaderList out;
    url = url.substr(0, url.find('#'));
    std::size_t at = url.find('?');
    while (at != std::string_view::npos) {
        url.remove_prefix(at + 1);
        at = url.find('&');
        const std::string_view item = url.substr(0, at);
        const std::size_t equals = std::min(item.find('='), item.size());
        if (item.empty()) continue;
        out.emplace_back(percent_decoded(item.substr(0, equals)),
                         percent_decoded(item.substr(std::min(equals + 1, item.size()))));
    }
    return out;
}

std::string sse_text(const std::string& message) {
    std::string out = "event: message\n";
    for (std::size_t begin = 0; begin <= message.size();) {
        const std::size_t end = std::min(message.find('\n', begin), message.size());
        out += "data: " + message.substr(begin, end - begin) + "\n";
        begin = end + 1;
    }
    return out + "\n";
}

std::string array_text(const std::vector<std::string>& messages) {
    std::string out = "[";
    for (const std::string& message : messages)
        out += (out.size() > 1 ? "," : "") + message;
    return out + "]";
}

}  // namespace

void HarEntry::add_request_message(std::string_view message) {
    if (request_body.empty()) {
        request_body = message;
        return;
    }
    const bool batch = request_body.starts_with('[');
    request_body = (batch ? request_body.substr(0, request_body.size() - 1) : "[" + request_body) +
                   "," + std::string(message) + "]";
}

void HarEntry::add_response_message(std::string_view message, double at_ms) {
    if (!answered_) first_ms_ = at_ms;
    answered_ = true;
    ended_ms = std::max(ended_ms, at_ms);
    if (response_size_ + message.size() > kMaxBody && !responses_.empty()) {
        cut_ = true;
        return;
    }
    response_size_ += message.size();
    responses_.emplace_back(message);
}

std::string HarEntry::response_body() const {
    const bool stream =
        streams || header_value(response_headers, "content-type").starts_with("text/event-stream");
    if (!stream && responses_.size() == 1) return responses_.front();
    if (!stream) return responses_.empty() ? "" : array_text(responses_);
    std::string out;
    for (const std::string& message : responses_)
        out += sse_text(message);
    return out;
}

std::string HarEntry::request_text() const {
    std::string text;
    ObjectText request(text);
    request.text("method", method).text("url", url).text("httpVersion", "HTTP/1.1");
    request.json("cookies", "[]").json("headers", pairs_text(request_headers));
    request.json("queryString", pairs_text(query_of(url)));
    if (!request_body.empty()) {
        std::string body;
        ObjectText(body)
            .text("mimeType", mime_type(request_headers, "application/json"))
            .text("text", request_body)
            .end();
        request.json("postData", body);
    }
    request.json("headersSize", "-1").number("bodySize", request_body.size()).end();
    return text;
}

std::string HarEntry::response_text() const {
    const std::string body = response_body();
    std::string content;
    ObjectText(content)
        .number("size", body.size())
        .text("mimeType",
              mime_type(response_headers, body.empty() ? "x-unknown" : "application/json"))
        .text("text", body)
        .end();
    std::string text;
    ObjectText response(text);
    response.number("status", static_cast<std::uint64_t>(std::max(status, 0)));
    response.text("statusText", status_text(status)).text("httpVersion", "HTTP/1.1");
    response.json("cookies", "[]").json("headers", pairs_text(response_headers));
    response.json("content", content).text("redirectURL", "");
    response.json("headersSize", "-1").number("bodySize", body.size()).end();
    return text;
}

std::string HarEntry::comment() const {
    std::string text;
    if (made_up) text = "not sent like this: the tape has messages but no HTTP";
    if (cut_) text += text.empty() ? "the body is cut" : "; the body is cut";
    if (status == 0) text += text.empty() ? "no response" : "; no response";
    return text;
}

std::string HarEntry::text(const std::string& created_at) const {
    const double wait = std::max(0.0, first_response_ms() - began_ms);
    const double receive = std::max(0.0, ended_ms - first_response_ms());
    std::string timings;
    ObjectText(timings)
        .json("send", "0")
        .milliseconds("wait", wait)
        .milliseconds("receive", receive)
        .end();
    std::string text;
    ObjectText entry(text);
    entry.text("startedDateTime", moment_at(created_at, began_ms));
    entry.milliseconds("time", wait + receive).json("request", request_text());
    entry.json("response", response_text()).json("cache", "{}").json("timings", timings);
    entry.text_if("comment", comment()).text_if("_mcp", label).end();
    return text;
}

}  // namespace shadowcat::tape
