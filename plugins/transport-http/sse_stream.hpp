// SPDX-License-Identifier: Apache-2.0
// SseStream: one client of the deprecated HTTP+SSE pair: its stream and its session.
#pragma once

#include "shadowcat/sdk/gate.hpp"
#include "shadowcat/sdk/quota.hpp"
#include "shadowcat/sdk/reply_stream.hpp"
#include "shadowcat/sdk/wakeup.hpp"

#include "event_stream.hpp"
#include "refusal.hpp"
#include "sse_streams.hpp"

#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace shadowcat::http {

/// Bytes of a message that the process holds, counted while this lives.
class HeldBytes {
public:
    HeldBytes(Quota& quota, std::uint64_t bytes) : quota_(quota), bytes_(bytes) {
        quota_.take_anyway(bytes_);
    }
    HeldBytes(HeldBytes&& other) noexcept
        : quota_(other.quota_), bytes_(std::exchange(other.bytes_, 0)) {}
    HeldBytes& operator=(HeldBytes&&) = delete;
    ~HeldBytes() {
        if (bytes_ != 0) quota_.give(bytes_);
    }

private:
    Quota& quota_;
    std::uint64_t bytes_;
};

/// Everything that the session says, and every answer to what was posted, is an event of the
/// stream: without ids, since nothing can be resumed. Lives on its connection's worker, in the
/// coroutine that runs it. MCP 2024-11-05, basic/transports, HTTP with SSE.
class SseStream final : public ReplyStream {
public:
    /// Requests of one client at a time; more are refused.
    static constexpr std::size_t kMostInFlight = 256;

    SseStream(HttpConnection& connection, std::shared_ptr<ClientSession> session);

    /// Tells the client where to post to and goes on until it leaves or the session ends; then ends
    /// the session, and with it what is in flight.
    awaitable<> run(SseStreams& streams);

    std::string_view principal() const noexcept { return principal_; }
    const std::shared_ptr<ClientSession>& session() const noexcept { return session_; }

    /// Begins to perform a posted request, or says why not: too many are under way. Its bytes count
    /// until it is answered, though its POST is over before.
    std::optional<Refusal> begin_request(Message request);

    awaitable<Result<void>> write(Message message) override;
    awaitable<Result<void>> fail(Error error, Message response) override;
    int status() const noexcept override { return events_.is_open() ? 200 : 0; }
    std::uint64_t stream() const noexcept override { return connection_.stream(); }
    void sever() noexcept override { connection_.sever(); }

private:
    /// Events are written one after the other, in the order in which their turn was asked for.
    class Turn {
    public:
        explicit Turn(SseStream& stream) : stream_(stream) {}
        Turn(const Turn&) = delete;
        Turn& operator=(const Turn&) = delete;
        ~Turn();

        awaitable<> come();

    private:
        SseStream& stream_;
        bool mine_ = false;
    };

    awaitable<> serve();
    awaitable<> watch(Gate::Pass pass);
    awaitable<> perform(Message request, HeldBytes held, Gate::Pass pass);

    HttpConnection& connection_;
    const std::string principal_;
    std::shared_ptr<ClientSession> session_;  // shared with the core, see there
    EventStream events_;
    bool writing_ = false;
    std::list<Wakeup> waiting_;
    Gate requests_;
    Gate watching_;
};

}  // namespace shadowcat::http
