// SPDX-License-Identifier: Apache-2.0
// Commands that plugins add to the program.
#pragma once

#include "shadowcat/sdk/command.hpp"

#include "core/cli/options.hpp"
#include "core/plugin/plugin_registry.hpp"

#include <iosfwd>
#include <string>
#include <vector>

namespace shadowcat::core {

/// One of them, as help and completions show it.
class PluginCommand {
public:
    PluginCommand() = default;

    std::string name;
    std::string description;
    std::vector<sdk::CommandWord> words;
};

/// All that the plugins of this binary offer. A plugin that can't be loaded has none.
std::vector<PluginCommand> plugin_commands(const Environment& environment);

/// Performs the command. Gives its exit code, or 2 where no plugin offers it.
int run_plugin_command(const PluginCommandOptions& options, const Environment& environment);

}  // namespace shadowcat::core
