// SPDX-License-Identifier: Apache-2.0
// SsePipe: one session with a server of the deprecated transport HTTP+SSE (2024-11-05).
#pragma once

#include "shadowcat/sdk/pipe.hpp"

#include "event_reader.hpp"
#include "upstream_exchange.hpp"

#include <memory>
#include <optional>
#include <string>

namespace shadowcat::http {

/// The server speaks on one event stream, whose first event says where to post what is said to it.
/// The stream is the session: when it ends, all is over. Messages are posted one after the other,
/// so that they arrive in order.
class SsePipe final : public Pipe {
public:
    SsePipe(std::shared_ptr<UpstreamPool> pool, const ParseLimits& limits);

    /// Opens the stream and waits for the endpoint. Fails with `unreachable`, `timed_out`,
    /// `protocol` or as the server refuses.
    awaitable<Result<void>> open();

    awaitable<Result<void>> send(std::span<Message> messages) override;
    awaitable<Result<Message>> receive() override;
    awaitable<> close() override;
    std::string peer() const override { return pool_->target().url.authority; }

    /// Ends everything, at once, with this reason.
    void interrupt(const Error& why) { (void)end(why); }

private:
    awaitable<Result<void>> await_endpoint();
    awaitable<Result<void>> post(const Message& message);
    void look_for_revision(const Message& message);
    Error end(Error why);

    std::shared_ptr<UpstreamPool> pool_;  // shared with the connector and other pipes
    RequestHeads heads_;
    EventReader reader_;
    Interrupt reading_, posting_;
    std::optional<ConnectionLease> stream_;
    std::optional<Error> ended_;
    std::string initialize_id_;  // while its response is awaited
};

}  // namespace shadowcat::http
