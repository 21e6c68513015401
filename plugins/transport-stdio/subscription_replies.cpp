// SPDX-License-Identifier: Apache-2.0
// The second half of a subscription's end.
#include "subscription_replies.hpp"

#include "shadowcat/sdk/json_rpc.hpp"

namespace shadowcat::transport_stdio {

sdk::awaitable<sdk::Result<void>> SubscriptionReplies::write(sdk::Message message) {
    const std::string id(message.kind() == sdk::MessageKind::result ? message.id() : "");
    sdk::Result<void> written = co_await output_.write(std::move(message));
    if (id.empty() || written.has_error()) co_return written;
    const std::string params = "{\"requestId\":" + id + "}";
    sdk::Message cancelled = sdk::make_notification("notifications/cancelled", params);
    co_return co_await output_.write(std::move(cancelled));
}

sdk::awaitable<sdk::Result<void>> SubscriptionReplies::fail(sdk::Error error,
                                                            sdk::Message response) {
    return output_.fail(std::move(error), std::move(response));
}

}  // namespace shadowcat::transport_stdio
