// SPDX-License-Identifier: Apache-2.0
// SessionMemory: what a fresh server would have to be told, and whether that would be enough.
#pragma once

#include "core/mcp/methods.hpp"
#include "core/session/session_settings.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace shadowcat::core {

/// Remembers of one session what its client said that the server keeps: `initialize`, the log
/// level, subscriptions; and whether anything else may have left state in the server, which
/// nobody can repeat. A pure function of what it was told.
class SessionMemory {
public:
    /// Over these nothing more is remembered, and the session can't be repaired.
    static constexpr std::size_t kMaxInitializeBytes = 64 * 1024;
    static constexpr std::size_t kMaxSubscriptions = 1000;
    static constexpr std::size_t kMaxSubscriptionBytes = 128 * 1024;

    /// The server has answered the client's `request`, an `initialize`, with a result.
    void initialize_answered(std::string_view request);

    /// `notifications/initialized` has reached the server.
    void initialized() noexcept { initialized_ = true; }

    /// The server has answered a request. `subject`: the log level, or the URI (un)subscribed.
    void answered(const mcp::Method& method, std::string_view subject, bool success,
                  bool read_only_tool);

    /// False when there are too many of them.
    bool subscribe(std::string_view uri);
    void unsubscribe(std::string_view uri);
    bool subscribed_to(std::string_view uri) const noexcept;
    const std::vector<std::string>& subscriptions() const noexcept { return subscriptions_; }

    /// Whether a fresh server can take the lost one's place without anybody missing something.
    bool repairable(Repair policy) const noexcept;

    /// Whether there is anything to repeat to a fresh server.
    bool has_initialize() const noexcept { return !initialize_.empty(); }
    const std::string& initialize() const noexcept { return initialize_; }
    bool was_initialized() const noexcept { return initialized_; }

    /// What follows the handshake: requests, each of which must get a result.
    std::vector<sdk::Message> requests_to_repeat() const;

private:
    bool nothing_to_lose() const noexcept {
        return initialize_.empty() && subscriptions_.empty() && !left_state_;
    }

    std::string initialize_;
    std::string level_;
    std::vector<std::string> subscriptions_;
    bool initialized_ = false;
    bool left_state_ = false;  // something that can't be repeated
    bool forgotten_ = false;   // something that was too much to remember
};

}  // namespace shadowcat::core
