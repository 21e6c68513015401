// SPDX-License-Identifier: Apache-2.0
// Reaching what lives on another worker: hops are posts, and the coroutine that hops waits.
#pragma once

#include "shadowcat/sdk/reply_stream.hpp"
#include "shadowcat/sdk/worker.hpp"

#include <cstdint>

namespace shadowcat::sdk::inline v1 {

/// Runs `task` on `there`; completes on the caller's worker, `here`. No hop when they are the same.
SHADOWCAT_API awaitable<> run_on(Worker& here, Worker& there, awaitable<> task);

/// A ReplyStream for an exchange on another worker: each call hops to `worker`, where `replies`
/// lives, and its caller waits.
class SHADOWCAT_API HopReplies final : public ReplyStream {
public:
    HopReplies(Worker& worker, ReplyStream& replies)
        : worker_(worker), replies_(replies), stream_(replies.stream()) {}

    awaitable<Result<void>> write(Message message) override;
    awaitable<Result<void>> write_event(Message message, std::string_view event_id) override;
    awaitable<Result<void>> prime(std::string_view event_id) override;
    awaitable<Result<void>> fail(Error error, Message response) override;

    /// As it was after the last call.
    int status() const noexcept override { return status_; }

    /// As it was when this was made.
    std::uint64_t stream() const noexcept override { return stream_; }

    /// Takes effect before whoever waits for this exchange on `worker` goes on.
    void sever() noexcept override;

private:
    awaitable<Result<void>> hop(awaitable<Result<void>> call);
    awaitable<> perform(awaitable<Result<void>> call, Result<void>& outcome);

    Worker& worker_;
    ReplyStream& replies_;
    const std::uint64_t stream_;
    int status_ = 0;
};

}  // namespace shadowcat::sdk::inline v1
