// SPDX-License-Identifier: Apache-2.0
// Loads the plugins of a configuration.
#include "core/plugin/plugin_host.hpp"

#include "shadowcat/sdk/log.hpp"

namespace shadowcat::core {

const PluginRegistry& PluginHost::load(const PluginsConfig& config,
                                       std::vector<sdk::ConfigError>& errors) {
    std::vector<std::filesystem::path> directories = config.search_path;
    directories.insert(directories.end(), default_directories_.begin(), default_directories_.end());
    PluginLoader loader(registry_, std::move(directories));
    for (std::size_t i = 0; i < config.load.size(); ++i) {
        const auto loaded = loader.load(config.load[i]);
        if (!loaded) {
            errors.emplace_back(sdk::child_path("plugins.load", i), loaded.error().message());
        }
    }
    loaded_ = loader.loaded();
    return registry_;
}

void PluginHost::log_loaded() const {
    for (const PluginInfo& plugin : loaded_) {
        sdk::log::debug("plugin loaded", {{"plugin", plugin.name},
                                          {"version", plugin.version},
                                          {"path", plugin.path.string()},
                                          {"build_id", plugin.build_id}});
    }
}

}  // namespace shadowcat::core
