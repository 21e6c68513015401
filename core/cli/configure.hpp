// SPDX-License-Identifier: Apache-2.0
// What every command that needs a configuration does first.
#pragma once

#include "core/config/load_config.hpp"
#include "core/plugin/plugin_host.hpp"

#include <iosfwd>
#include <optional>

namespace shadowcat::core {

/// A host that searches `SHADOWCAT_PLUGIN_PATH` and the directories that belong to this binary.
PluginHost make_plugin_host(const Environment& environment);

/// One line for each; lines about a file begin with its name.
void print(const Diagnostics& diagnostics, std::ostream& errors);

/// Loads plugins and configuration. On failure every error is a line in `errors`, and nothing is
/// given.
std::optional<Config> configure(const ConfigRequest& request, PluginHost& host,
                                std::ostream& errors);

/// Loads only the plugins that file and environment name. False, with lines in `errors`, when
/// something is wrong with them.
bool configure_plugins(const ConfigRequest& request, PluginHost& host, std::ostream& errors);

}  // namespace shadowcat::core
