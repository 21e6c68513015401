// SPDX-License-Identifier: Apache-2.0
// BridgeSettings: what the configuration says about translating between the eras.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace shadowcat::core {

/// Which stateless clients without a proven identity may share one bridged session.
enum class Anonymous : std::uint8_t {
    separate,  ///< none: every request gets a session of its own
    shared     ///< all: they count as one principal
};

class BridgeSettings {
public:
    BridgeSettings() = default;
    bool operator==(const BridgeSettings&) const = default;

    /// Both eras are served, whatever the upstreams speak. False where everything passes as it
    /// comes.
    bool enabled = true;

    /// How long a server may take to answer `server/discover` before it counts as session-era.
    std::chrono::milliseconds probe_timeout = std::chrono::seconds(5);

    /// How long a call that waits for a stateless client's input is kept.
    std::chrono::seconds input_timeout = std::chrono::seconds(300);

    /// Calls that wait for input, per worker; more are refused.
    std::size_t max_parked = 1000;

    /// How often one call may ask for input before it is given up.
    std::size_t max_input_rounds = 16;

    /// Resources that one client may subscribe to.
    std::size_t max_subscriptions = 1000;

    /// Streams of `subscriptions/listen` at a time, per worker.
    std::size_t max_listens = 10'000;

    Anonymous anonymous = Anonymous::separate;
};

}  // namespace shadowcat::core
