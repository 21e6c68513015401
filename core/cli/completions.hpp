// SPDX-License-Identifier: Apache-2.0
// Completion scripts, written from the same declarations that are parsed.
#pragma once

#include "core/cli/plugin_command.hpp"

#include <string>
#include <vector>

namespace shadowcat::core {

/// The script for `shell` (bash, zsh or fish); empty for any other.
std::string completion_script(const std::string& shell,
                              const std::vector<PluginCommand>& added = {});

}  // namespace shadowcat::core
