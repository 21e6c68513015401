// SPDX-License-Identifier: Apache-2.0
// `shadowcat plugins list` and `shadowcat plugins inspect`.
#pragma once

#include "core/cli/options.hpp"

#include <iosfwd>

namespace shadowcat::core {

/// Gives the exit code: 0, or 2 when a plugin can't be loaded.
int run_plugins(const PluginsOptions& options, const Environment& environment, std::ostream& out,
                std::ostream& errors);

}  // namespace shadowcat::core
