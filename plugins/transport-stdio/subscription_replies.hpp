// SPDX-License-Identifier: Apache-2.0
// SubscriptionReplies: what answers a `subscriptions/listen` (2026-07-28) of a client on stdio.
#pragma once

#include "shadowcat/sdk/reply_stream.hpp"

namespace shadowcat::transport_stdio {

/// Behind the result with which a subscription ends comes a `notifications/cancelled` that names
/// it: the revision wants the one in one place and the other in another, and a client ignores a
/// cancellation of what is over. (Duties B.8.)
class SubscriptionReplies final : public sdk::ReplyStream {
public:
    /// `output` must outlive this.
    explicit SubscriptionReplies(sdk::ReplyStream& output) : output_(output) {}

    sdk::awaitable<sdk::Result<void>> write(sdk::Message message) override;
    sdk::awaitable<sdk::Result<void>> fail(sdk::Error error, sdk::Message response) override;
    void sever() noexcept override { output_.sever(); }

private:
    sdk::ReplyStream& output_;
};

}  // namespace shadowcat::transport_stdio
