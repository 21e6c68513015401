// SPDX-License-Identifier: Apache-2.0
// Responses: framing by Beast, which refuses Content-Length beside Transfer-Encoding.
#include "upstream_response.hpp"

#include "body_room.hpp"
#include "text.hpp"

#include <boost/beast/http/error.hpp>

namespace shadowcat::http {

namespace beast_http = boost::beast::http;

ResponseParser::ResponseParser(ResponseHead& head, std::string& body,
                               std::uint32_t max_header_bytes)
    : head_(head), body_(body) {
    head.clear();
    body.clear();
    header_limit(max_header_bytes);
    body_limit(boost::none);  // the reader bounds what it gathers; a stream may go on for ever
}

std::size_t ResponseParser::feed(std::string_view bytes) {
    if (state_ == State::complete || state_ == State::bad || bytes.empty()) return 0;
    Code code;
    const std::size_t used = put(boost::asio::const_buffer(bytes.data(), bytes.size()), code);
    settle(code);
    return used;
}

boost::asio::mutable_buffer ResponseParser::body_room() {
    if (state_ != State::body) return {};
    const auto rest = content_length_remaining();
    if (!rest) return {};
    return grow_body(body_, in_place_, *rest);
}

void ResponseParser::take_body(std::size_t count) {
    body_.resize(in_place_ + count);
    if (count == 0) return;
    Code code;
    takes_in_place_ = true;
    put(boost::asio::const_buffer(body_.data() + in_place_, count), code);
    takes_in_place_ = false;
    settle(code);
}

void ResponseParser::settle(const Code& code) {
    if (code && code != beast_http::error::need_more) {
        fail(code.message());
    } else if (is_done()) {
        state_ = State::complete;
    } else if (is_header_done()) {
        state_ = State::body;
        eager(true);
    }
}

void ResponseParser::feed_end() {
    if (state_ == State::complete || state_ == State::bad) return;
    Code code;
    if (got_some()) put_eof(code);
    if (!got_some() || code) return fail("the connection was closed in the middle of the answer");
    state_ = State::complete;
}

std::optional<std::uint64_t> ResponseParser::length() const {
    const auto length = content_length();
    return length ? std::optional<std::uint64_t>(*length) : std::nullopt;
}

void ResponseParser::on_field_impl(Field field, Text name, Text value, Code& code) {
    if (in_trailer_) return;
    const std::string_view text(value.data(), value.size());
    switch (field) {
        case Field::content_type:
            head_.content_type = text;
            return;
        case Field::content_encoding:
            if (!equals_ignoring_case(text, "identity")) head_.content_encoding = text;
            return;
        case Field::location:
            head_.location = text;
            return;
        case Field::transfer_encoding:
            if (!equals_ignoring_case(text, "chunked"))
                code = beast_http::error::bad_transfer_encoding;
            return;
        default:
            break;
    }
    if (equals_ignoring_case(std::string_view(name.data(), name.size()), "mcp-session-id")) {
        head_.session_id = text;
        ++head_.session_ids;
    }
}

void ResponseParser::fail(std::string problem) {
    state_ = State::bad;
    problem_ = std::move(problem);
}

}  // namespace shadowcat::http
