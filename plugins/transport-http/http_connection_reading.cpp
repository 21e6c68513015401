// SPDX-License-Identifier: Apache-2.0
// Reading requests, each part within its time and size.
#include "http_connection.hpp"

#include <array>

namespace shadowcat::http {

namespace {

/// What a Content-Length may make us allocate before the bytes arrive.
constexpr std::uint64_t kMostReserved = std::uint64_t{1} << 20;

/// Behind a body, so that the JSON parser needs no copy.
constexpr std::size_t kPadding = 64;

constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

}  // namespace

awaitable<Arrival> HttpConnection::read_head() {
    parser_.emplace(head_, body_, options_->max_header_bytes);
    TimePoint deadline = after(first_request_ ? options_->header_timeout : options_->idle_timeout);
    bool begun = false;
    for (;;) {
        skip_empty_lines();
        if (!begun && !buffer_.empty()) {
            begun = true;
            if (follow_reload()) parser_.emplace(head_, body_, options_->max_header_bytes);
            deadline = after(options_->header_timeout);
        }
        if (begun) buffer_.consume(parser_->feed(buffer_.pending()));
        if (parser_->state() != ParseState::head) co_return arrived();
        const bool full = buffer_.pending().size() >= ReadBuffer::kUsual;
        const std::size_t size = full ? options_->max_header_bytes + 1 : ReadBuffer::kUsual;
        const bool more = co_await fill(size, deadline);
        if (!more) {
            co_return expired_&& begun && !lost_ ? Arrival::late : Arrival::closed;
        }
    }
}

awaitable<Arrival> HttpConnection::read_body() {
    const HttpListenerOptions& options = *options_;
    if (parser_->state() == ParseState::body) {
        phase_ = Phase::reading;
        parser_->limit_body(options.message.max_bytes);
        body_.reserve(std::min(head_.content_length.value_or(0), kMostReserved) + kPadding);
        if (head_.expects_continue && !head_.http_1_0 && buffer_.empty()) {
            std::array<asio::const_buffer, 1> interim{asio::buffer(kContinue)};
            const bool sent = co_await write(interim);
            if (!sent) co_return Arrival::closed;
        }
    }
    const TimePoint deadline = after(options.body_timeout);
    while (parser_->state() == ParseState::body) {
        if (!buffer_.empty()) buffer_.consume(parser_->feed(buffer_.pending()));
        if (parser_->state() != ParseState::body) break;
        const bool large = head_.content_length.value_or(body_.size()) > ReadBuffer::kUsual;
        const std::size_t size = large ? ReadBuffer::kLarge : ReadBuffer::kUsual;
        const bool more = co_await fill(size, deadline);
        if (!more) {
            if (!expired_ && !lost_ && !buffer_.empty()) co_return Arrival::unreadable;
            co_return expired_ && !lost_ ? Arrival::late : Arrival::closed;
        }
    }
    co_return arrived();
}

Arrival HttpConnection::arrived() {
    const ParseState state = parser_->state();
    const bool sound = state == ParseState::body || state == ParseState::complete;
    if (!sound) return Arrival::unreadable;
    if (state == ParseState::complete) request_ready_ = true;
    phase_ = Phase::answering;
    return Arrival::complete;
}

/// Some clients end a body with a line break that it doesn't count.
void HttpConnection::skip_empty_lines() {
    while (buffer_.pending().starts_with("\r\n"))
        buffer_.consume(2);
}

awaitable<bool> HttpConnection::fill(std::size_t size, TimePoint deadline) {
    const asio::mutable_buffer space = buffer_.prepare(size);
    if (space.size() == 0) co_return false;
    read_deadline_ = deadline;
    const auto [failed, count] = co_await stream_->read_some(space);
    read_deadline_ = TimePoint::max();
    buffer_.commit(count);
    co_return !failed;
}

awaitable<bool> HttpConnection::watch() {
    buffer_.consume(buffer_.pending().size());
    buffer_.release();
    std::array<char, 256> ignored;
    bool there = true;
    while (there && !watch_ended_) {
        const auto [failed, count] = co_await stream_->read_some(asio::buffer(ignored));
        there = !failed;
    }
    if (!watch_ended_) close();
    co_return !watch_ended_;
}

void HttpConnection::end_watch() noexcept {
    watch_ended_ = true;
    stream_->cancel();
}

}  // namespace shadowcat::http
