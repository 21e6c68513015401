// SPDX-License-Identifier: Apache-2.0
// What the configuration says about sessions and exchanges.
#pragma once

#include "shadowcat/sdk/message.hpp"

#include "core/bridge/bridge_settings.hpp"
#include "core/stateless/cache_settings.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace shadowcat::core {

namespace sdk = shadowcat::sdk;

/// What becomes of a session whose process died or whose server forgot it.
enum class Repair : std::uint8_t {
    when_safe,  ///< initialised anew, unless a call may have left state behind: then it ends (404)
    always,
    never
};

class SessionSettings {
public:
    bool operator==(const SessionSettings&) const = default;

    /// Forward mode: ids stay, pings pass, nothing is answered or filtered by the proxy.
    bool transparent = false;

    /// Transparent, and the client is on stdin and stdout: lines that are no messages pass too, and
    /// the process that serves it is as good as its own.
    bool passes_text = false;

    /// An unknown session id opens a session of that name instead of answering 404.
    bool adopt_unknown = false;

    /// Also accepts the popular mistake `2025-11-05` as a revision.
    bool lenient_revisions = false;

    std::size_t max_sessions = 1000;
    std::chrono::seconds idle_timeout = std::chrono::seconds(300);

    /// Longest time without a sign of life from the server while a request is in flight.
    std::chrono::seconds request_timeout = std::chrono::seconds(60);

    /// The same while the server waits for an answer of the client (a person may have to think).
    std::chrono::seconds human_timeout = std::chrono::seconds(600);

    /// Until the server's first message; zero: as long as `request_timeout` lets it.
    std::chrono::seconds first_byte_timeout = std::chrono::seconds(0);

    /// From the request to its response, whatever happens meanwhile; zero: no bound.
    std::chrono::seconds total_timeout = std::chrono::seconds(0);

    /// Whether a session whose upstream lost it goes on with a fresh one.
    Repair repair = Repair::when_safe;

    /// What one session keeps for clients that lost their connection.
    std::size_t replay_messages = 256;
    std::size_t replay_bytes = 1024 * 1024;

    /// How long a server's request may wait for a stream that could carry it.
    std::chrono::seconds undelivered_timeout = std::chrono::seconds(10);

    std::size_t max_outbox_messages = 256;
    std::size_t max_in_flight = 1024;  ///< per session
    sdk::ParseLimits message;

    BridgeSettings bridge;  ///< between the eras
    CacheSettings cache;    ///< of results for stateless clients
};

}  // namespace shadowcat::core
