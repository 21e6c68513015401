// SPDX-License-Identifier: Apache-2.0
// Config: the validated configuration as the core uses it.
#pragma once

#include "shadowcat/sdk/config.hpp"
#include "shadowcat/sdk/log.hpp"

#include "core/plugin/plugin_request.hpp"
#include "core/session/session_settings.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace shadowcat::core {

namespace sdk = shadowcat::sdk;

/// A part that some plugin offers, and what it is made with: values that passed its schema,
/// defaults filled in.
class PartConfig {
public:
    PartConfig() = default;
    PartConfig(std::string part_name, sdk::Json part_options)
        : name(std::move(part_name)), options(std::move(part_options)) {}

    std::string name;
    sdk::Json options = sdk::Json::object();
};

/// How an upstream's health is watched.
class HealthConfig {
public:
    HealthConfig() = default;

    PartConfig checker;
    std::chrono::seconds interval = std::chrono::seconds(10);
    std::chrono::seconds timeout = std::chrono::seconds(5);
    std::size_t healthy_after = 2;    ///< good probes in a row
    std::size_t unhealthy_after = 3;  ///< bad probes in a row
};

class UpstreamConfig {
public:
    UpstreamConfig() = default;

    std::string name;
    PartConfig connector;
    bool shared = false;           ///< `isolation: shared`; otherwise one link for each session
    std::size_t max_links = 1000;  ///< `pool.max`
    std::optional<HealthConfig> health;
};

class LoggingConfig {
public:
    LoggingConfig() = default;

    sdk::log::Level level = sdk::log::Level::info;
    sdk::log::Format format = sdk::log::Format::text;
};

class Config {
public:
    Config() = default;

    PluginsConfig plugins;
    PartConfig listener;  ///< `http`, or `stdio` in forward mode without `--listen`
    std::vector<UpstreamConfig> upstreams;
    PartConfig strategy;  ///< picks among the upstreams
    SessionSettings session;
    std::vector<PartConfig> interceptors;
    std::vector<PartConfig> metrics_sinks;
    LoggingConfig logging;
    std::size_t workers = 0;  ///< 0: one for each core
};

}  // namespace shadowcat::core
