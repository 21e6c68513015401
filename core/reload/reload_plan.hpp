// SPDX-License-Identifier: Apache-2.0
// ReloadPlan: what has to happen to get from one configuration to the next.
#pragma once

#include "core/config/config.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace shadowcat::core {

/// What becomes of one upstream of the new configuration.
enum class UpstreamChange : std::uint8_t {
    keep,    ///< nothing changed: its processes and sessions know nothing of the reload
    retune,  ///< capacity, retries, guards or health: applied to what runs
    replace  ///< new, or reached otherwise: opened afresh, an old one of that name retires
};

class ReloadPlan {
public:
    ReloadPlan() = default;

    /// Keys that can't change while the proxy runs; nothing is applied when there are any.
    std::vector<std::string> refused;

    std::vector<UpstreamChange> upstreams;  ///< by index in the new configuration
    std::vector<std::string> removed;       ///< names of upstreams that are gone
    bool strategy = false;
    bool interceptors = false;
    bool settings = false;  ///< sessions, limits
    bool logging = false;
    bool listener = false;

    /// One line: `upstreams: 1 replaced (b), 1 removed (c); session settings`; `no change`.
    std::string text(const Config& next) const;
};

/// Pure. `workers` is how many there are.
ReloadPlan plan_reload(const Config& now, const Config& next, std::size_t workers);

/// How many workers `config` asks for, on a machine of `cores`.
std::size_t worker_count(const Config& config, std::size_t cores);

}  // namespace shadowcat::core
