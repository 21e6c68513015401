// SPDX-License-Identifier: Apache-2.0
// Plan: what a proxy is made of, independent of where that was said (file, environment, options).
#pragma once

#include "shadowcat/sdk/config.hpp"

#include "core/session/session_settings.hpp"
#include "core/upstream/health.hpp"
#include "core/upstream/upstream.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace shadowcat::core {

/// A part to be made by a plugin: its registered name and its validated configuration.
class PartPlan {
public:
    PartPlan() = default;
    PartPlan(std::string part, sdk::Json config)
        : name(std::move(part)), settings(std::move(config)) {}

    std::string name;
    sdk::Json settings = sdk::Json::object();
};

class HealthPlan {
public:
    PartPlan checker;
    HealthPolicy policy;
};

class UpstreamPlan {
public:
    std::string name;
    PartPlan connector;
    Isolation isolation = Isolation::per_session;
    std::uint32_t max = 0;
    std::optional<HealthPlan> health;
};

class Plan {
public:
    PartPlan listener;
    std::vector<UpstreamPlan> upstreams;
    PartPlan strategy = PartPlan("round_robin", sdk::Json::object());
    std::vector<PartPlan> interceptors;
    std::vector<PartPlan> sinks;
    SessionSettings sessions;
    std::size_t workers = 0;  ///< 0: one per core
    std::chrono::seconds drain_timeout = std::chrono::seconds(10);
};

}  // namespace shadowcat::core
