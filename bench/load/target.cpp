// SPDX-License-Identifier: Apache-2.0
// Puts requests together and judges the answers to them.
#include "target.hpp"

#include "../wire/http_head.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <fstream>
#include <iterator>

namespace bench {
namespace {

constexpr std::string_view kRevision = "2025-06-18";
constexpr std::size_t kEnd = 512;  // how much of a body's ends is looked at first

bool contains(std::string_view body, std::string_view text) {
    return ::memmem(body.data(), body.size(), text.data(), text.size()) != nullptr;
}

std::uint64_t find_id(std::string_view body) {
    constexpr std::string_view kKey = "\"id\"";
    std::size_t at = body.find(kKey);
    if (at == std::string_view::npos) return 0;
    at = body.find_first_not_of(" \t:", at + kKey.size());
    std::uint64_t id = 0;
    if (at != std::string_view::npos)
        std::from_chars(body.data() + at, body.data() + body.size(), id);
    return id;
}

std::pair<std::string, std::string> split_header(const std::string& line) {
    const std::size_t colon = line.find(':');
    if (colon == 0 || colon == std::string::npos) {
        throw UsageError("--header needs \"Name: value\", not \"" + line + "\"");
    }
    const std::size_t value = line.find_first_not_of(' ', colon + 1);
    return {line.substr(0, colon), value == std::string::npos ? "" : line.substr(value)};
}

}  // namespace

Target::Target(const Options& options) {
    const std::string url = options.text("--url");
    constexpr std::string_view kScheme = "http://";
    const std::size_t slash = url.find('/', kScheme.size());
    const std::size_t colon = url.find(':', kScheme.size());
    if (!url.starts_with(kScheme) || colon == std::string::npos || slash < colon) {
        throw UsageError("--url needs http://ADDRESS:PORT/PATH, not \"" + url + "\"");
    }
    authority_ = url.substr(kScheme.size(), slash - kScheme.size());
    path_ = slash == std::string::npos ? "/" : url.substr(slash);
    std::string host = url.substr(kScheme.size(), colon - kScheme.size());
    if (host == "localhost") host = "127.0.0.1";
    std::uint16_t port = 0;
    std::from_chars(url.data() + colon + 1, url.data() + url.size(), port);
    address_.sin_family = AF_INET;
    address_.sin_port = htons(port);
    if (port == 0 || ::inet_pton(AF_INET, host.c_str(), &address_.sin_addr) != 1) {
        throw UsageError("--url needs an IPv4 address and a port, not \"" + url + "\"");
    }
    for (const std::string& line : options.all("--header"))
        headers_.push_back(split_header(line));
}

bool Target::overrides(std::string_view name) const {
    for (const auto& header : headers_) {
        if (same_word(header.first, name)) return true;
    }
    return false;
}

void Target::add_default(std::string& head, std::string_view name, std::string_view value) const {
    if (overrides(name)) return;
    head.append(name).append(": ").append(value).append("\r\n");
}

std::string Target::head(std::string_view method, std::string_view session,
                         std::uint64_t body_size) const {
    std::string head =
        std::string(method) + ' ' + path_ + " HTTP/1.1\r\nHost: " + authority_ + "\r\n";
    if (method == "POST") {
        add_default(head, "Content-Type", "application/json");
        add_default(head, "Accept", "application/json, text/event-stream");
        head += "Content-Length: " + std::to_string(body_size) + "\r\n";
    } else if (method == "GET") {
        add_default(head, "Accept", "text/event-stream");
    }
    if (!session.empty()) {
        add_default(head, "MCP-Protocol-Version", kRevision);
        if (session != "-") add_default(head, "Mcp-Session-Id", session);
    }
    for (const auto& [name, value] : headers_)
        head.append(name).append(": ").append(value).append("\r\n");
    return head + "\r\n";
}

std::string Target::post(std::string_view session, std::string_view body) const {
    return head("POST", session, body.size()).append(body);
}

CallText::CallText(std::string text) {
    constexpr std::string_view kKey = "\"id\":1";
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r'))
        text.pop_back();
    const std::size_t at = text.find(kKey);
    const std::size_t after = at + kKey.size();
    has_id_ =
        at != std::string::npos && after < text.size() && (text[after] < '0' || text[after] > '9');
    before_ = has_id_ ? text.substr(0, after - 1) : text;
    if (has_id_) after_ = text.substr(after);
}

CallText CallText::from_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw UsageError("--request: cannot read " + path);
    return CallText(std::string(std::istreambuf_iterator<char>(file), {}));
}

std::string CallText::text(std::uint64_t id) const {
    IdDigits digits;
    return before_ + std::string(digits.set(*this, id)) + after_;
}

std::string_view IdDigits::set(const CallText& call, std::uint64_t id) {
    if (!call.has_id()) return {};
    char* const end = std::to_chars(digits_.data(), digits_.data() + digits_.size(), id).ptr;
    return {digits_.data(), static_cast<std::size_t>(end - digits_.data())};
}

Fault Expected::judge(std::string_view body, std::uint64_t id) const {
    if (id != 0 && id_in(body) != id) return Fault::kId;
    for (const std::string& text : texts_) {
        if (!contains(body, text)) return Fault::kText;
    }
    return Fault::kNone;
}

std::uint64_t id_in(std::string_view body) {
    std::uint64_t id = find_id(body.substr(0, kEnd));
    if (id == 0 && body.size() > kEnd) id = find_id(body.substr(body.size() - kEnd));
    return id == 0 && body.size() > 2 * kEnd ? find_id(body) : id;
}

std::string excerpt(std::string_view body) {
    std::string text(body.size() <= 300 ? body : body.substr(0, 200));
    if (body.size() > 300) text.append("…").append(body.substr(body.size() - 80));
    const auto breaks_line = [](unsigned char c) { return c < 0x20; };
    std::ranges::replace_if(text, breaks_line, ' ');
    return text;
}

}  // namespace bench
