// SPDX-License-Identifier: Apache-2.0
// Which plugins the configuration wants loaded, and from where.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace shadowcat::core {

/// One entry of `plugins.load`: a name to search for, or a path; at most one of them is empty.
class PluginRequest {
public:
    explicit PluginRequest(std::string plugin_name) : name(std::move(plugin_name)) {}
    PluginRequest(std::string plugin_name, std::filesystem::path file, std::string digest)
        : name(std::move(plugin_name)), path(std::move(file)), sha256(std::move(digest)) {}

    bool operator==(const PluginRequest&) const = default;

    std::string name;
    std::filesystem::path path;
    std::string sha256;  ///< hex; empty: not checked
};

/// The section `plugins`. Directories are searched in their order, before the default ones.
class PluginsConfig {
public:
    PluginsConfig() = default;
    bool operator==(const PluginsConfig&) const = default;

    std::vector<std::filesystem::path> search_path;
    std::vector<PluginRequest> load;
};

/// Loaded when the configuration doesn't say what to load.
std::vector<PluginRequest> builtin_plugins();

/// Where plugins are searched after the configured directories: `SHADOWCAT_PLUGIN_PATH`
/// (`environment` is its value), then the directories that belong to this binary. Absolute.
std::vector<std::filesystem::path> default_search_path(const std::string& environment);

}  // namespace shadowcat::core
