// SPDX-License-Identifier: Apache-2.0
// A `subscriptions/listen` of a stateless client, on a session.
#pragma once

#include "shadowcat/sdk/cancellation.hpp"
#include "shadowcat/sdk/reply_stream.hpp"

#include "core/bridge/to_sessions/bridge_context.hpp"

#include <memory>

namespace shadowcat::core {

/// Serves it until the client withdraws or the session ends. `context` is held by the caller.
sdk::awaitable<> serve_listen(BridgeContext& context, const StatelessClient& client,
                              const sdk::Message& request, sdk::ReplyStream& replies,
                              sdk::Cancellation& cancellation);

}  // namespace shadowcat::core
