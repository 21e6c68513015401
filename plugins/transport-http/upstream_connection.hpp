// SPDX-License-Identifier: Apache-2.0
// UpstreamConnection: one HTTP/1.1 connection to a server, used for one request at a time.
#pragma once

#include "byte_stream.hpp"
#include "observed_exchange.hpp"
#include "read_buffer.hpp"
#include "upstream_response.hpp"
#include "upstream_target.hpp"

#include <array>
#include <memory>
#include <optional>
#include <string>

namespace shadowcat::http {

/// Order of use: `open`, then per request fill `request_head`, `send`, `read_head`, `read_body` as
/// often as wanted. Whatever fails leaves it unusable. `close` interrupts from anywhere.
class UpstreamConnection {
public:
    UpstreamConnection(const UpstreamTarget& target, const Executor& executor)
        : stream(executor), target_(target) {}

    /// Connects, with TLS if the URL says so, within `limit`.
    awaitable<Result<void>> open(Duration limit);

    /// Writes `request_head` and `body`, which outlives the call, as far as that needs no waiting.
    /// True when that was all.
    bool try_send(std::string_view body);

    /// Writes the rest.
    awaitable<Result<void>> send();

    /// Reads the head of the answer, skipping interim ones. Body bytes that came with it are in
    /// `body`.
    awaitable<Result<void>> read_head();

    /// Reads once and appends what that gave to `body`; no effect once `complete`.
    awaitable<Result<void>> read_body();

    /// All of the body came with the head, and it isn't too large.
    bool holds_body(std::size_t max_bytes) const noexcept {
        return complete() && body.size() <= max_bytes;
    }

    /// Reads all of the body. Fails with `too_large` beyond `max_bytes`.
    awaitable<Result<void>> read_whole_body(std::size_t max_bytes);

    /// The whole answer was read.
    bool complete() const noexcept { return parser_->state() == ResponseParser::State::complete; }

    /// After a complete answer: another request may follow on this connection.
    bool reusable() const;

    /// Ends what is pending because a limit of time ran out.
    void expire() noexcept;

    /// Gives up large buffers and marks the connection as used before.
    void rest(TimePoint now);

    /// Whether an idle connection can't be used again, as far as that can be known.
    bool stale(TimePoint now) noexcept;

    bool reused() const noexcept { return reused_; }

    /// The request under way, if it was observed, is over.
    void end_observed() noexcept;

    /// For a stream that will mostly be silent: holds no memory while nothing comes, or little
    /// where TLS must have some.
    void expect_little() noexcept;

    /// Of the request under way: whether any byte of it left, or of its answer came.
    bool sent_anything() const noexcept { return sent_anything_; }
    bool got_anything() const noexcept { return got_anything_; }

    ByteStream stream;
    std::string request_head;
    ResponseHead head;
    std::string body;
    TimePoint deadline = TimePoint::max();  ///< when the pool expires it; coarse
    TimePoint idle_since;
    std::size_t slot = 0;                       ///< the pool's
    std::unique_ptr<ObservedRequest> observed;  ///< under way, while somebody observes

private:
    /// Over TLS, on a stream that is mostly silent.
    static constexpr std::size_t kSmallRead = 1024;

    awaitable<Result<void>> fill();
    awaitable<Result<void>> read_in_place(asio::mutable_buffer room);
    Result<void> fill_at_once();
    asio::mutable_buffer make_room();
    Result<void> take(const ByteStream::Transferred& read, std::size_t room);
    void feed();
    Error lost(const error_code& why);
    Error bad_answer() const;
    Error endless_line() const;
    Error too_large(std::size_t max_bytes) const;

    const UpstreamTarget& target_;
    std::optional<ResponseParser> parser_;
    std::array<asio::const_buffer, 2> unsent_;
    ReadBuffer buffer_;
    std::size_t first_read_ = ReadBuffer::kUsual;
    bool read_filled_room_ = false, expects_little_ = false;
    bool proven_ = false, reused_ = false, sent_anything_ = false, got_anything_ = false,
         expired_ = false;
};

}  // namespace shadowcat::http
