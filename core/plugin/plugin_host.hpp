// SPDX-License-Identifier: Apache-2.0
// PluginHost: the registry of this process and how the configuration fills it.
#pragma once

#include "core/plugin/plugin_loader.hpp"
#include "core/plugin/plugin_registry.hpp"
#include "core/plugin/plugin_request.hpp"

#include <string>
#include <vector>

namespace shadowcat::core {

/// Loads what a configuration asks for. Outlives everything that plugins made.
class PluginHost {
public:
    /// `default_directories` are searched after the configured ones.
    explicit PluginHost(std::vector<std::filesystem::path> default_directories)
        : default_directories_(std::move(default_directories)) {}

    /// Loads every plugin of `config` and appends one error for each that fails, with paths as in
    /// the configuration (`plugins.load[2]`).
    const PluginRegistry& load(const PluginsConfig& config, std::vector<sdk::ConfigError>& errors);

    /// Writes one line for each loaded plugin: once logging is configured, which is later than
    /// loading.
    void log_loaded() const;

    const PluginRegistry& registry() const noexcept { return registry_; }
    const std::vector<PluginInfo>& loaded() const noexcept { return loaded_; }

private:
    std::vector<std::filesystem::path> default_directories_;
    PluginRegistry registry_;
    std::vector<PluginInfo> loaded_;
};

}  // namespace shadowcat::core
