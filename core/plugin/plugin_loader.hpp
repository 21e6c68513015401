// SPDX-License-Identifier: Apache-2.0
// PluginLoader: turns plugin files into parts of a registry.
#pragma once

#include "shadowcat/sdk/plugin.hpp"
#include "shadowcat/sdk/result.hpp"

#include "core/plugin/plugin_registry.hpp"
#include "core/plugin/plugin_request.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace shadowcat::core {

/// What is known about a plugin's file.
class PluginInfo {
public:
    PluginInfo() = default;
    PluginInfo(const shadowcat_plugin_descriptor& descriptor, std::filesystem::path file);

    std::string name;
    std::string version;
    std::string description;
    std::string fingerprint;
    std::filesystem::path path;
    std::string build_id;  ///< empty when the file has none
};

/// Loads plugins into `registry`, which outlives it. Libraries stay loaded until the process ends.
class PluginLoader {
public:
    PluginLoader(PluginRegistry& registry, std::vector<std::filesystem::path> search_path);

    /// Finds, checks and loads one plugin and registers its parts. On failure nothing is
    /// registered; the error says which file and why.
    sdk::Result<void> load(const PluginRequest& request);

    const std::vector<PluginInfo>& loaded() const noexcept { return loaded_; }
    const std::vector<std::filesystem::path>& search_path() const noexcept { return search_path_; }

private:
    sdk::Result<void> load_file(const std::filesystem::path& file);

    PluginRegistry& registry_;
    std::vector<std::filesystem::path> search_path_;
    std::vector<PluginInfo> loaded_;
};

/// Opens a plugin's library for good and gives its descriptor, whose magic and size are right.
/// Opening runs the library's initialisers, as the dynamic linker does for every library; no
/// function of the plugin is called.
sdk::Result<const shadowcat_plugin_descriptor*> open_plugin(const std::filesystem::path& file);

/// Calls the register function of a descriptor that passed every check.
sdk::Result<std::vector<Part>> collect_parts(const shadowcat_plugin_descriptor& descriptor);

}  // namespace shadowcat::core
