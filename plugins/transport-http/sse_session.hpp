// SPDX-License-Identifier: Apache-2.0
// SseSession: one session with a server of the deprecated transport HTTP+SSE (2024-11-05).
#pragma once

#include "event_reader.hpp"
#include "upstream_exchange.hpp"

#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace shadowcat::http {

/// The server speaks on one event stream, whose first event says where to post what is said to it.
/// The stream is the session: when it ends, all is over, and nothing else ends it. Messages are
/// posted one after the other, so that they arrive in order. Held by `shared_ptr`: the coroutine
/// that reads the stream keeps it alive. The functions are those of `Pipe`.
class SseSession : public std::enable_shared_from_this<SseSession> {
public:
    SseSession(std::shared_ptr<UpstreamPool> pool, const ParseLimits& limits);

    /// Opens the stream, waits for the endpoint and reads on from there. Fails with `unreachable`,
    /// `timed_out`, `protocol` or as the server refuses.
    awaitable<Result<void>> open();

    /// A request that the server doesn't take is answered with an error in its name; other messages
    /// are then lost.
    awaitable<Result<void>> send(std::span<Message> messages);
    awaitable<Result<Message>> receive();

    /// The first reason counts; whoever waits learns of it.
    void end(const Error& why);

    void set_session(std::string_view label) { label_ = label; }

    const UpstreamTarget& target() const noexcept { return pool_->target(); }

private:
    awaitable<Result<void>> await_endpoint();
    awaitable<Result<void>> post(const Message& message);
    static awaitable<> read(std::shared_ptr<SseSession> self);
    void look_for_revision(const Message& message);

    std::shared_ptr<UpstreamPool> pool_;  // shared with the connector and other sessions
    std::string label_;
    RequestHeads heads_;
    EventReader reader_;
    Interrupt reading_, posting_;
    std::optional<ConnectionLease> stream_;
    std::deque<Message> arrived_;
    Wakeup receiver_, room_;
    std::optional<Error> ended_;
    std::string initialize_id_;  // while its response is awaited
};

}  // namespace shadowcat::http
