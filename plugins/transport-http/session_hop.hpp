// SPDX-License-Identifier: Apache-2.0
// Reaching a session on another worker from a connection that can't move there (TLS).
#pragma once

#include "shadowcat/sdk/reply_stream.hpp"
#include "shadowcat/sdk/worker.hpp"

namespace shadowcat::http {

using namespace shadowcat::sdk;

/// Runs `task` on `there`; completes on the caller's worker, `here`. No hop when they are the same.
awaitable<> run_on(Worker& here, Worker& there, awaitable<> task);

/// A ReplyStream for a session on another worker: each call hops to the connection's worker.
class HopReplies final : public ReplyStream {
public:
    HopReplies(Worker& worker, ReplyStream& replies) : worker_(worker), replies_(replies) {}

    awaitable<Result<void>> write(Message message) override;
    awaitable<Result<void>> fail(Error error, Message response) override;

private:
    Worker& worker_;
    ReplyStream& replies_;
};

}  // namespace shadowcat::http
