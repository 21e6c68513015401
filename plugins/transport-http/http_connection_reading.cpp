// SPDX-License-Identifier: Apache-2.0
// Reading requests, each part within its time and size.
#include "http_connection.hpp"

#include <boost/asio/post.hpp>

#include <array>
#include <cstring>

namespace shadowcat::http {

namespace {

/// Behind a body, so that the JSON parser needs no copy.
constexpr std::size_t kPadding = 64;

/// How much is taken at a time for a body of unknown length.
constexpr std::uint64_t kStep = std::uint64_t{64} * 1024;

/// How much of what a client says while it is watched is taken at a time.
constexpr std::size_t kMostHeard = 64;

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
        if (begun) feed_head();
        if (parser_->state() != ParseState::head) co_return arrived();
        const bool full = buffer_.pending().size() >= ReadBuffer::kUsual;
        const std::size_t size = full ? options_->max_header_bytes + 1 : ReadBuffer::kUsual;
        const bool resting = !begun && !stream_->is_tls();
        auto reading = resting ? rest(deadline) : fill(size, deadline);
        const bool more = co_await std::move(reading);
        if (!more) {
            co_return expired_&& begun && !lost_ ? Arrival::late : Arrival::closed;
        }
    }
}

/// The parser takes a head as a whole.
void HttpConnection::feed_head() {
    const std::string_view bytes = buffer_.pending();
    const std::size_t taken = parser_->feed(bytes);
    if (taken > 0 && group_->worker().observer()) {
        observed_ = std::make_unique<ObservedExchange>(bytes.substr(0, taken));
    }
    buffer_.consume(taken);
}

/// Waits for the first bytes of a request, without holding a buffer for them. Plain streams only.
awaitable<bool> HttpConnection::rest(TimePoint deadline) {
    buffer_.release();
    read_deadline_ = deadline;
    resting_ = true;
    const error_code failed = co_await stream_->wait_readable();
    resting_ = false;
    read_deadline_ = TimePoint::max();
    if (failed) note_lost(failed);
    co_return !failed && !lost_ && take(stream_->try_read(buffer_.prepare()));
}

bool HttpConnection::read_body_at_once(std::size_t max_bytes) {
    if (parser_->state() == ParseState::body) {
        const std::size_t most = std::min(max_bytes, buffer_.pending().size());
        const std::uint64_t length = head_.content_length.value_or(most + 1);
        if (length > most || !allowance_.try_cover(length)) return false;
        body_.reserve(length + kPadding);
        buffer_.consume(parser_->feed(buffer_.pending()));
    }
    return parser_->state() == ParseState::complete && arrived() == Arrival::complete;
}

awaitable<Arrival> HttpConnection::read_body(std::size_t max_bytes) {
    const HttpListenerOptions& options = *options_;
    const TimePoint deadline = after(options.body_timeout);
    if (parser_->state() == ParseState::body) {
        phase_ = Phase::reading;
        parser_->limit_body(max_bytes);
        const bool room = co_await find_room(buffer_.pending().size(), max_bytes, deadline);
        if (!room) co_return lost_ ? Arrival::closed : Arrival::shed;
        const std::uint64_t length = head_.content_length.value_or(0);
        body_.reserve(std::min<std::uint64_t>(length, max_bytes) + kPadding);
        if (head_.expects_continue && !head_.http_1_0 && buffer_.empty()) {
            std::array<asio::const_buffer, 1> interim{asio::buffer(kContinue)};
            const bool sent = co_await write(interim);
            if (!sent) co_return Arrival::closed;
        }
    }
    while (parser_->state() == ParseState::body) {
        if (!buffer_.empty()) buffer_.consume(parser_->feed(buffer_.pending()));
        if (parser_->state() != ParseState::body) break;
        const bool large = head_.content_length.value_or(body_.size()) > ReadBuffer::kUsual;
        const std::size_t size = large ? ReadBuffer::kLarge : ReadBuffer::kUsual;
        const bool room = co_await find_room(size, max_bytes, deadline);
        if (!room) co_return lost_ ? Arrival::closed : Arrival::shed;
        const asio::mutable_buffer rest = large ? parser_->body_room() : asio::mutable_buffer();
        auto reading = rest.size() > 0 ? fill_body(rest, deadline) : fill(size, deadline);
        const bool more = co_await std::move(reading);
        if (!more) {
            if (!expired_ && !lost_ && !buffer_.empty()) co_return Arrival::unreadable;
            co_return expired_ && !lost_ ? Arrival::late : Arrival::closed;
        }
    }
    co_return arrived();
}

/// Makes sure that the process may hold the body with `more` bytes behind what came already: all of
/// it at once where its length is known, else a step at a time.
awaitable<bool> HttpConnection::find_room(std::size_t more, std::size_t max_bytes,
                                          TimePoint deadline) {
    const std::uint64_t steps = (body_.size() + more + kStep - 1) / kStep;
    const std::uint64_t wanted =
        std::min<std::uint64_t>(head_.content_length.value_or(steps * kStep), max_bytes);
    if (allowance_.try_cover(wanted)) co_return true;
    const Duration left = deadline - group_->worker().now();
    co_return co_await allowance_.cover(group_->worker(), wanted, left);
}

Arrival HttpConnection::arrived() {
    const ParseState state = parser_->state();
    const bool sound = state == ParseState::body || state == ParseState::complete;
    if (!sound) return Arrival::unreadable;
    if (state == ParseState::complete) {
        request_ready_ = true;
        body_size_ = body_.size();
        if (buffer_.empty()) buffer_.release();
    }
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
    const ByteStream::Transferred read = co_await stream_->read_some(space);
    read_deadline_ = TimePoint::max();
    co_return take(read);
}

/// The same into the body itself.
awaitable<bool> HttpConnection::fill_body(asio::mutable_buffer room, TimePoint deadline) {
    buffer_.release();
    read_deadline_ = deadline;
    const auto [failed, count] = co_await stream_->read_some(room);
    read_deadline_ = TimePoint::max();
    parser_->take_body(count);
    co_return goes_on(failed);
}

bool HttpConnection::take(const ByteStream::Transferred& read) {
    const auto& [failed, count] = read;
    buffer_.commit(count);
    return goes_on(failed);
}

/// False at the end of the stream.
bool HttpConnection::goes_on(const error_code& failed) {
    if (!failed || failed == asio::error::would_block) return true;
    note_lost(failed);
    return false;
}

awaitable<bool> HttpConnection::watch(Said said) {
    if (said == Said::discarded) buffer_.consume(buffer_.pending().size());
    if (buffer_.empty()) buffer_.release();
    bool there = watching_ = true;
    // That the client is gone may be known at once: not inside of the call.
    co_await asio::post(group_->worker().executor(), use_awaitable);
    while (there && !watch_ended_ && buffer_.pending().size() < ReadBuffer::kUsual) {
        if (stream_->is_tls()) {
            there = co_await hear(said);
        } else {  // every open stream waits here: without memory for what it is told
            const error_code failed = co_await stream_->wait_readable();
            there = failed ? goes_on(failed) : hear_at_once(said);
        }
    }
    watching_ = false;
    const bool gone = !there && !watch_ended_;
    if (gone) close();
    co_return gone;
}

awaitable<bool> HttpConnection::hear(Said said) {
    std::array<char, kMostHeard> text;
    const auto [failed, count] = co_await stream_->read_some(asio::buffer(text, room_to_hear()));
    if (said == Said::kept) keep(std::string_view(text.data(), count));
    co_return goes_on(failed);
}

bool HttpConnection::hear_at_once(Said said) {
    std::array<char, kMostHeard> text;
    const auto [failed, count] = stream_->try_read(asio::buffer(text, room_to_hear()));
    if (said == Said::kept) keep(std::string_view(text.data(), count));
    return goes_on(failed);
}

void HttpConnection::keep(std::string_view said) {
    if (said.empty()) return;
    std::memcpy(buffer_.prepare().data(), said.data(), said.size());
    buffer_.commit(said.size());
}

void HttpConnection::end_watch() noexcept {
    watch_ended_ = true;
    stream_->cancel();
}

}  // namespace shadowcat::http
