// SPDX-License-Identifier: Apache-2.0
// Requests that the proxy itself makes of a server: probes and handshakes.
#pragma once

#include "shadowcat/sdk/link.hpp"
#include "shadowcat/sdk/worker.hpp"

#include <optional>
#include <string>

namespace shadowcat::core {

namespace sdk = shadowcat::sdk;

/// Keeps the response and discards what comes before it.
class LastReply final : public sdk::ReplyStream {
public:
    sdk::awaitable<sdk::Result<void>> write(sdk::Message message) override;
    sdk::awaitable<sdk::Result<void>> fail(sdk::Error error, sdk::Message response) override;

    std::optional<sdk::Message> response;
};

/// Sends `request` over `link` and gives its response (a result or an error response), within
/// `limit`. Notifications on the way are discarded.
sdk::awaitable<sdk::Result<sdk::Message>> ask(sdk::Worker& worker, sdk::Link& link,
                                              sdk::Message request, sdk::Duration limit);

/// Opens the session era on `link` as a client without capabilities: `initialize`, then
/// `notifications/initialized`. Gives the server's `InitializeResult` as JSON text.
sdk::awaitable<sdk::Result<std::string>> handshake(sdk::Worker& worker, sdk::Link& link,
                                                   sdk::Duration limit);

}  // namespace shadowcat::core
