// SPDX-License-Identifier: Apache-2.0
// Requests out in one write, answers in through one reused buffer.
#include "upstream_connection.hpp"

#include "buffer_parts.hpp"
#include "tls_peer.hpp"

#include <algorithm>

namespace shadowcat::http {

namespace {

constexpr std::size_t kLargestRead = 256 * 1024;
constexpr std::size_t kKeptBody = 64 * 1024;

/// What a Content-Length may make us allocate before it is known how large the body may be: what
/// may have come with the head, or little more.
constexpr std::uint64_t kMostExpected = 64 * 1024;

/// Room that lets the JSON parser work in place.
constexpr std::size_t kJsonPadding = 64;

}  // namespace

awaitable<Result<void>> UpstreamConnection::open(Duration limit) {
    const TimePoint until = Clock::now() + limit;
    const error_code failed = co_await stream.connect(target_.url.host, target_.url.port, limit);
    if (failed) {
        const bool late = expired_ || failed == asio::error::timed_out;
        co_return target_.failure(late ? ErrorCode::timed_out : ErrorCode::unreachable,
                                  "can't connect: " + failed.message());
    }
    if (!target_.tls) co_return Result<void>();
    const Duration left = std::max(until - Clock::now(), Duration(1));
    Result<void> shaken = co_await stream.connect_tls(*target_.tls, target_.url.host, left);
    if (shaken.has_error()) {
        co_return target_.failure(shaken.error().code(), shaken.error().message());
    }
    co_return shaken;
}

bool UpstreamConnection::try_send(std::string_view text) {
    got_anything_ = false;
    parser_.emplace(head, body, target_.max_response_header_bytes);
    unsent_ = {asio::buffer(request_head), asio::buffer(text.data(), text.size())};
    const auto [failed, written] = stream.try_write(unsent_);  // what failed fails again
    sent_anything_ = written > 0;
    return take_front(unsent_, written);
}

awaitable<Result<void>> UpstreamConnection::send() {
    const std::span<const asio::const_buffer> buffers(unsent_);
    const auto [failed, written] = co_await stream.write(buffers);
    sent_anything_ |= written > 0;
    if (failed) co_return lost(failed);
    co_return Result<void>();
}

awaitable<Result<void>> UpstreamConnection::read_head() {
    for (;;) {
        feed();
        if (parser_->state() == ResponseParser::State::bad) co_return bad_answer();
        if (parser_->state() != ResponseParser::State::head) {
            if (!head.is_informational()) break;
            if (head.status == 101)
                co_return target_.failure(ErrorCode::protocol, "switches protocols");
            parser_.emplace(head, body, target_.max_response_header_bytes);
            continue;
        }
        Result<void> filled;
        if (stream.is_tls()) {
            filled = co_await fill();
        } else {
            const error_code failed = co_await stream.wait_readable();
            filled = failed ? Result<void>(lost(failed)) : fill_at_once();
        }
        if (filled.has_error()) co_return filled;
    }
    const std::uint64_t length = parser_->length().value_or(0);
    if (length != 0 && length <= kMostExpected) body.reserve(length + kJsonPadding);
    feed();
    if (parser_->state() == ResponseParser::State::bad) co_return bad_answer();
    if (expects_little_) std::string().swap(request_head);
    co_return Result<void>();
}

awaitable<Result<void>> UpstreamConnection::read_body() {
    if (complete()) co_return Result<void>();
    Result<void> filled;
    if (stream.is_tls()) {
        filled = co_await fill();
    } else {
        if (expects_little_ && buffer_.empty()) buffer_.release();
        const error_code failed = co_await stream.wait_readable();
        filled = failed ? Result<void>(lost(failed)) : fill_at_once();
    }
    if (filled.has_error()) co_return filled;
    feed();
    if (parser_->state() == ResponseParser::State::bad) co_return bad_answer();
    co_return Result<void>();
}

awaitable<Result<void>> UpstreamConnection::read_whole_body(std::size_t max_bytes) {
    const std::uint64_t length = parser_->length().value_or(0);
    if (length > max_bytes || body.size() > max_bytes) co_return too_large(max_bytes);
    if (length != 0) body.reserve(static_cast<std::size_t>(length) + kJsonPadding);
    while (!complete()) {
        const bool in_place = buffer_.empty();
        const asio::mutable_buffer room = in_place ? parser_->body_room() : asio::mutable_buffer();
        auto reading = room.size() > 0 ? read_in_place(room) : read_body();
        Result<void> read = co_await std::move(reading);
        if (read.has_error()) co_return read;
        if (body.size() > max_bytes) co_return too_large(max_bytes);
    }
    co_return Result<void>();
}

/// A large body of known length is not copied.
awaitable<Result<void>> UpstreamConnection::read_in_place(asio::mutable_buffer room) {
    buffer_.release();
    const auto [failed, got] = co_await stream.read_some(room);
    got_anything_ |= got > 0;
    parser_->take_body(got);
    if (failed) co_return lost(failed);
    if (parser_->state() == ResponseParser::State::bad) co_return bad_answer();
    co_return Result<void>();
}

/// Reads once, behind what is left in the buffer.
awaitable<Result<void>> UpstreamConnection::fill() {
    const asio::mutable_buffer room = make_room();
    if (room.size() == 0) co_return endless_line();
    const ByteStream::Transferred read = co_await stream.read_some(room);
    co_return take(read, room.size());
}

/// The same when something is there; else nothing happens.
Result<void> UpstreamConnection::fill_at_once() {
    const asio::mutable_buffer room = make_room();
    if (room.size() == 0) return endless_line();
    return take(stream.try_read(room), room.size());
}

Result<void> UpstreamConnection::take(const ByteStream::Transferred& read, std::size_t room) {
    const auto& [failed, got] = read;
    got_anything_ |= got > 0;
    buffer_.commit(got);
    read_filled_room_ = got == room;
    if (!failed || failed == asio::error::would_block) return Result<void>();
    if (failed == asio::error::eof && got_anything_) {
        parser_->feed_end();
        if (complete()) return Result<void>();
    }
    return lost(failed);
}

/// Empty when what can't be parsed yet has filled the largest buffer.
asio::mutable_buffer UpstreamConnection::make_room() {
    const std::size_t kept = buffer_.pending().size();
    std::size_t wanted = std::max(buffer_.capacity(), first_read_);
    if (read_filled_room_) wanted = std::max(wanted, std::min(wanted * 4, kLargestRead));
    const std::size_t longest_line =
        std::max<std::size_t>(ReadBuffer::kUsual, target_.max_response_header_bytes);
    if (kept == wanted && kept < longest_line) wanted *= 2;
    return buffer_.prepare(wanted);
}

void UpstreamConnection::feed() {
    const std::string_view bytes = buffer_.pending();
    if (bytes.empty()) return;
    const bool in_head = parser_->state() == ResponseParser::State::head;
    const std::size_t taken = parser_->feed(bytes);
    const bool answered = in_head && taken > 0 && !head.is_informational();
    if (observed && answered) observed->answered(bytes.substr(0, taken));
    buffer_.consume(taken);
}

void UpstreamConnection::end_observed() noexcept {
    if (!observed) return;
    if (complete()) observed->ends_as("complete");
    observed.reset();
}

void UpstreamConnection::expect_little() noexcept {
    expects_little_ = true;
    if (stream.is_tls()) first_read_ = kSmallRead;
    if (buffer_.empty()) buffer_.release();
}

/// A server that has kept it once, and answered a moment ago, is trusted not to have closed it
/// since: asking costs a system call a request.
bool UpstreamConnection::stale(TimePoint now) noexcept {
    const bool trusted = proven_ && idle_since == now && !stream.has_noticed();
    return !trusted && stream.is_stale();
}

void UpstreamConnection::rest(TimePoint now) {
    proven_ = reused_;
    reused_ = true;
    idle_since = now;
    deadline = TimePoint::max();
    first_read_ = ReadBuffer::kUsual;
    read_filled_room_ = expects_little_ = false;
    buffer_.release();
    if (body.capacity() > kKeptBody) std::string().swap(body);
    if (request_head.capacity() > kKeptBody) std::string().swap(request_head);
}

bool UpstreamConnection::reusable() const {
    return complete() && parser_->keep_alive() && buffer_.empty() && stream.is_open();
}

void UpstreamConnection::expire() noexcept {
    expired_ = true;
    stream.close();
}

Error UpstreamConnection::lost(const error_code& why) {
    if (observed && why != asio::error::operation_aborted) observed->ends_as("server gone");
    if (observed && expired_) observed->ends_as("timed out");
    if (!reused_ && !got_anything_ && refuses_certificate(why)) {
        sent_anything_ = false;  // the server's side of the handshake failed: nobody saw a request
        return target_.failure(ErrorCode::unreachable, "TLS handshake failed: " + tls_reason(why));
    }
    if (expired_) return target_.failure(ErrorCode::timed_out, "no answer in time");
    const bool ended = why == asio::error::eof || why == asio::error::connection_reset ||
                       why == asio::error::broken_pipe;
    const std::string_view when =
        got_anything_ ? " in the middle of the answer" : " before an answer";
    std::string what = ended ? "the server closed the connection" + std::string(when)
                             : "the connection broke" + std::string(when) + ": " + why.message();
    return target_.failure(ErrorCode::crashed, what);
}

Error UpstreamConnection::too_large(std::size_t max_bytes) const {
    return target_.failure(ErrorCode::too_large, "the answer exceeds the limit of " +
                                                     std::to_string(max_bytes) + " bytes");
}

Error UpstreamConnection::endless_line() const {
    return target_.failure(ErrorCode::protocol, "not a valid HTTP answer: an endless line");
}

Error UpstreamConnection::bad_answer() const {
    return target_.failure(ErrorCode::protocol, "not a valid HTTP answer: " + parser_->problem());
}

}  // namespace shadowcat::http
