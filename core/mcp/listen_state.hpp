// SPDX-License-Identifier: Apache-2.0
// ListenState: one client's subscription, over however many streams of its server it takes.
#pragma once

#include "shadowcat/sdk/message.hpp"

#include <string>
#include <vector>

namespace shadowcat::core::mcp {

namespace sdk = shadowcat::sdk;

/// Sans I/O. MCP 2026-07-28, patterns/subscriptions (duties B.8).
class ListenState {
public:
    /// `id`: of the client's `subscriptions/listen`, as JSON text.
    explicit ListenState(std::string id) : id_(std::move(id)) {}

    /// What the client gets for something the server said on the stream. The acknowledgement comes
    /// first and once; that of a further stream is replaced by a change notification of every kind
    /// that was acknowledged, since changes may have been missed in between.
    std::vector<sdk::Message> take(sdk::Message message);

    /// True once the client knows what it is subscribed to.
    bool acknowledged() const noexcept { return acknowledged_; }

    /// The result with which the subscription ends by itself.
    sdk::Message graceful_end() const;

private:
    std::vector<sdk::Message> changes_of(std::string_view honoured) const;
    std::string tag() const;

    const std::string id_;
    bool acknowledged_ = false;
};

}  // namespace shadowcat::core::mcp
