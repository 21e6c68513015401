// SPDX-License-Identifier: Apache-2.0
// Config: the validated configuration as the core uses it.
#pragma once

#include "shadowcat/sdk/config.hpp"
#include "shadowcat/sdk/log.hpp"
#include "shadowcat/sdk/shared_slot.hpp"

#include "core/plugin/plugin_request.hpp"
#include "core/session/session_settings.hpp"
#include "core/upstream/upstream_settings.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
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
    bool operator==(const PartConfig&) const = default;
    PartConfig(std::string part_name, sdk::Json part_options)
        : name(std::move(part_name)), options(std::move(part_options)) {}

    std::string name;
    sdk::Json options = sdk::Json::object();
};

/// An interceptor; equal when it is configured alike.
class InterceptorConfig {
public:
    explicit InterceptorConfig(PartConfig what) : part(std::move(what)) {}
    bool operator==(const InterceptorConfig& other) const { return part == other.part; }

    PartConfig part;

    /// What its instances on all workers have in common.
    std::shared_ptr<sdk::SharedSlot> shared = std::make_shared<sdk::SharedSlot>();
};

/// How an upstream's health is watched.
class HealthConfig {
public:
    HealthConfig() = default;
    bool operator==(const HealthConfig&) const = default;

    PartConfig checker;
    std::chrono::seconds interval = std::chrono::seconds(10);
    std::chrono::seconds timeout = std::chrono::seconds(5);
    std::size_t healthy_after = 2;    ///< good probes in a row
    std::size_t unhealthy_after = 3;  ///< bad probes in a row
};

class UpstreamConfig {
public:
    UpstreamConfig() = default;
    bool operator==(const UpstreamConfig&) const = default;

    std::string name;
    PartConfig connector;
    UpstreamSettings settings;
    std::optional<HealthConfig> health;
};

class LoggingConfig {
public:
    LoggingConfig() = default;
    bool operator==(const LoggingConfig&) const = default;

    sdk::log::Level level = sdk::log::Level::info;
    sdk::log::Format format = sdk::log::Format::text;
};

/// The socket over which other terminals give commands.
class ControlConfig {
public:
    enum class Socket : std::uint8_t { off, automatic, path };

    ControlConfig() = default;
    bool operator==(const ControlConfig&) const = default;

    Socket socket = Socket::off;
    std::string path;  ///< of `Socket::path`
};

/// What concerns the process as a whole.
class ProcessConfig {
public:
    ProcessConfig() = default;
    bool operator==(const ProcessConfig&) const = default;

    std::chrono::seconds drain_timeout = std::chrono::seconds(10);
    std::chrono::seconds retire_timeout = std::chrono::seconds(3600);  ///< of replaced upstreams
    std::size_t max_bytes_in_flight = std::size_t{256} << 20;          ///< of messages
    std::size_t max_memory_bytes = 0;  ///< resident; above it new sessions are refused; 0: no bound
    bool watch_file = false;           ///< reload when the configuration file changes
};

class Config {
public:
    Config() = default;

    PluginsConfig plugins;
    PartConfig listener;  ///< `http`, or `stdio` in forward mode without `--listen`
    std::vector<UpstreamConfig> upstreams;
    PartConfig strategy;  ///< picks among the upstreams
    SessionSettings session;
    std::vector<InterceptorConfig> interceptors;  ///< the first is nearest to the client
    std::vector<PartConfig> metrics_sinks;
    std::vector<PartConfig> exchange_sinks;
    std::optional<PartConfig> admin;  ///< the listener of the admin pages
    ControlConfig control;
    ProcessConfig process;
    LoggingConfig logging;
    bool forward = false;     ///< between one client and one server
    std::size_t workers = 0;  ///< 0: one for each core

    /// What was configured, as operators may see it: secrets masked, defaults left out.
    sdk::Json shown = sdk::Json::object();
};

}  // namespace shadowcat::core
