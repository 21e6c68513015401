// SPDX-License-Identifier: Apache-2.0
// ListenFilter: which notifications a `subscriptions/listen` asks for.
#pragma once

#include "shadowcat/sdk/message.hpp"

#include "core/bridge/to_sessions/server_facts.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace shadowcat::core {

namespace sdk = shadowcat::sdk;

/// MCP 2026-07-28, basic/patterns/subscriptions.
class ListenFilter {
public:
    /// A resource as the client names it, and what that means.
    class Resource {
    public:
        explicit Resource(std::string_view as_written);
        std::string token;  ///< JSON text
        std::string uri;
    };

    ListenFilter() = default;

    /// Reads `params.notifications`; none when it is missing or malformed. A resource named twice
    /// counts once.
    static std::optional<ListenFilter> read(std::string_view params);

    /// What of it `server` offers.
    ListenFilter offered_by(const ServerFacts& server) const;

    /// Whether it asks for this notification. A resource includes what lies below it.
    bool wants(const sdk::Message& notification) const;

    /// As JSON; what is not asked for is left out.
    std::string text() const;

    bool tools = false;
    bool prompts = false;
    bool resources = false;
    std::vector<Resource> subscriptions;
};

/// True for the notifications that only go to those who listen.
bool is_for_listeners(std::string_view method) noexcept;

/// The first message on the stream of the listen with this id (JSON text).
sdk::Message acknowledgement(std::string_view id, const ListenFilter& honoured);

/// `notification` as that listen gets it.
sdk::Message tagged(const sdk::Message& notification, std::string_view id);

}  // namespace shadowcat::core
