// SPDX-License-Identifier: Apache-2.0
// What is taken from a request, and what Beast lets through but MCP's endpoint must not.
#include "request_parser.hpp"

#include "body_room.hpp"

#include <boost/beast/http/error.hpp>

#include <algorithm>

namespace shadowcat::http {

namespace beast_http = boost::beast::http;

namespace {

constexpr std::string_view kMcpPrefix = "Mcp-";
constexpr std::string_view kParameterPrefix = "Param-";

std::string_view view(boost::beast::string_view text) { return {text.data(), text.size()}; }

Method method_of(beast_http::verb verb) {
    switch (verb) {
        case beast_http::verb::get:
            return Method::get;
        case beast_http::verb::head:
            return Method::head;
        case beast_http::verb::post:
            return Method::post;
        case beast_http::verb::delete_:
            return Method::remove;
        case beast_http::verb::options:
            return Method::options;
        default:
            return Method::other;
    }
}

bool begins_with(std::string_view name, std::string_view prefix) {
    return equals_ignoring_case(name.substr(0, prefix.size()), prefix);
}

bool is_letter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

}  // namespace

RequestParser::RequestParser(RequestHead& head, std::string& body, std::uint32_t max_header_bytes)
    : head_(head), body_(body), max_header_bytes_(max_header_bytes) {
    head_.clear();
    body_.clear();
    header_limit(max_header_bytes);
    body_limit(boost::none);
}

std::size_t RequestParser::feed(std::string_view bytes) {
    if (parse_state_ == ParseState::head) return feed_head(bytes);
    Code code;
    std::size_t taken = 0;
    do {
        const auto rest = bytes.substr(taken);
        taken += put(boost::asio::buffer(rest.data(), rest.size()), code);
    } while (!code && !is_done() && taken < bytes.size());
    settle(code);
    return taken;
}

boost::asio::mutable_buffer RequestParser::body_room() {
    if (parse_state_ != ParseState::body) return {};
    const auto rest = content_length_remaining();
    if (!rest) return {};
    return grow_body(body_, in_place_, *rest);
}

void RequestParser::take_body(std::size_t count) {
    body_.resize(in_place_ + count);
    if (count == 0) return;
    Code code;
    takes_in_place_ = true;
    put(boost::asio::buffer(body_.data() + in_place_, count), code);
    takes_in_place_ = false;
    settle(code);
}

std::size_t RequestParser::feed_head(std::string_view bytes) {
    const std::size_t end = find_head_end(bytes);
    if (parse_state_ == ParseState::bad) return 0;
    if (std::max(end, bytes.size() * (end == 0)) > max_header_bytes_) {
        parse_state_ = ParseState::head_too_large;
        return 0;
    }
    if (end == 0) return 0;
    Code code;
    const std::size_t taken = put(boost::asio::buffer(bytes.data(), end), code);
    settle(code);
    return taken;
}

/// Where the head ends, 0 as long as it doesn't. Finds at once what could never become a request,
/// and lines that continue the one before (obs-fold), which Beast would join.
std::size_t RequestParser::find_head_end(std::string_view bytes) {
    if (!bytes.empty() && !is_letter(bytes.front())) parse_state_ = ParseState::bad;
    auto at = bytes.find('\n', scanned_);
    for (; at != std::string_view::npos; at = bytes.find('\n', at + 1)) {
        if (at == 0 || bytes[at - 1] != '\r') parse_state_ = ParseState::bad;
        if (at >= 3 && bytes.substr(at - 3, 4) == "\r\n\r\n") return at + 1;
        scanned_ = at;
        if (at + 1 == bytes.size()) return 0;
        if (bytes[at + 1] == ' ' || bytes[at + 1] == '\t') parse_state_ = ParseState::bad;
    }
    scanned_ = std::max(scanned_, bytes.size() - std::min<std::size_t>(bytes.size(), 1));
    return 0;
}

void RequestParser::settle(const Code& code) {
    if (code == beast_http::error::body_limit) {
        parse_state_ = ParseState::body_too_large;
    } else if (code && code != beast_http::error::need_more) {
        parse_state_ = ParseState::bad;
    } else if (is_done()) {
        parse_state_ = ParseState::complete;
    } else if (is_header_done()) {
        parse_state_ = ParseState::body;
    }
}

void RequestParser::on_request_impl(beast_http::verb verb, Text, Text target, int version,
                                    Code& code) {
    head_.method = method_of(verb);
    head_.http_1_0 = version == 10;
    take_target(view(target), code);
}

void RequestParser::take_target(std::string_view target, Code& code) {
    if (target.starts_with('/')) {
        head_.target.assign(target.substr(0, target.find('#')));
        return;
    }
    if (target == "*" && head_.method == Method::options) {
        head_.target = "*";
        return;
    }
    // Absolute form: its authority counts, not the Host field's (RFC 9112 3.2.2).
    const auto scheme = target.find("://");
    if (scheme == std::string_view::npos) {
        code = beast_http::error::bad_target;
        return;
    }
    const auto rest = target.substr(scheme + 3);
    const auto slash = std::min(rest.find_first_of("/?"), rest.size());
    head_.authority.assign(rest.substr(0, slash));
    head_.target.assign(rest.substr(slash).starts_with('/') ? "" : "/").append(rest.substr(slash));
}

void RequestParser::on_field_impl(Field field, Text name, Text value, Code& code) {
    if (parse_state_ != ParseState::head) return;  // a trailer
    const std::string_view text = view(value);
    switch (field) {
        case Field::host:
            return head_.host.add(text);
        case Field::origin:
            return head_.origin.add(text);
        case Field::content_type:
            return head_.content_type.add(text);
        case Field::accept:
            if (!head_.accept.empty()) head_.accept += ',';
            head_.accept.append(text);
            return;
        case Field::content_length:
        case Field::transfer_encoding:
            return take_framing(field, text, code);
        case Field::content_encoding:
            head_.encoded |= !equals_ignoring_case(text, "identity");
            return;
        case Field::expect:
            head_.expects_continue = equals_ignoring_case(text, "100-continue");
            head_.unmet_expectation |= !head_.expects_continue;
            return;
        case Field::access_control_request_method:
            return head_.preflight_method.add(text);
        case Field::access_control_request_headers:
            return head_.preflight_headers.add(text);
        case Field::unknown:
            return take_named_field(view(name), text);
        default:
            return;
    }
}

/// Beast ignores codings that it doesn't know and takes a repeated length: either lets two readers
/// of the connection disagree on where the request ends.
void RequestParser::take_framing(Field field, std::string_view value, Code& code) {
    const bool first = ++framing_fields_ == 1;
    const bool length = field == Field::content_length;
    const bool sound = length ? value.find(',') == std::string_view::npos
                              : equals_ignoring_case(value, "chunked") && !head_.http_1_0;
    if (!first || !sound) {
        code = length ? beast_http::error::bad_content_length
                      : beast_http::error::bad_transfer_encoding;
    }
}

void RequestParser::take_named_field(std::string_view name, std::string_view value) {
    if (begins_with(name, kMcpPrefix)) {
        return take_mcp_field(name.substr(kMcpPrefix.size()), value);
    }
    if (equals_ignoring_case(name, "Last-Event-ID")) return head_.last_event_id.add(value);
    if (equals_ignoring_case(name, "traceparent")) head_.traceparent.add(value);
}

void RequestParser::take_mcp_field(std::string_view name, std::string_view value) {
    if (equals_ignoring_case(name, "Session-Id")) return head_.session_id.add(value);
    if (equals_ignoring_case(name, "Protocol-Version")) return head_.protocol_version.add(value);
    if (equals_ignoring_case(name, "Method")) return head_.mcp_method.add(value);
    if (equals_ignoring_case(name, "Name")) return head_.mcp_name.add(value);
    if (begins_with(name, kParameterPrefix)) {
        take_mirrored(name.substr(kParameterPrefix.size()), value);
    }
}

void RequestParser::take_mirrored(std::string_view name, std::string_view value) {
    head_.too_many_mirrored |= head_.mirrored.size() >= kMostMirrored;
    if (head_.too_many_mirrored) return;
    head_.mirrored.emplace_back(std::string(name), std::string(value));
}

void RequestParser::on_header_impl(Code& code) {
    head_.chunked = chunked();
    head_.keep_alive = keep_alive();
    if (const auto length = content_length()) head_.content_length = *length;
    const unsigned hosts = head_.host.count();
    if (hosts > 1 || (hosts == 0 && !head_.http_1_0)) code = beast_http::error::bad_field;
    if (head_.origin.repeated() || head_.content_type.repeated()) {
        code = beast_http::error::bad_field;
    }
    if (!head_.authority.empty()) head_.host.add(head_.authority);
}

std::size_t RequestParser::on_body_impl(Text bytes, Code&) {
    if (!takes_in_place_) body_.append(bytes.data(), bytes.size());
    return bytes.size();
}

std::size_t RequestParser::on_chunk_body_impl(std::uint64_t, Text bytes, Code&) {
    body_.append(bytes.data(), bytes.size());
    return bytes.size();
}

}  // namespace shadowcat::http
