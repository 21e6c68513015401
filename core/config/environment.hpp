// SPDX-License-Identifier: Apache-2.0
// The environment as a value, so that tests have their own.
#pragma once

#include "core/config/located_json.hpp"

#include <map>
#include <string>

namespace shadowcat::core {

using Environment = std::map<std::string, std::string>;

/// This process's environment.
Environment current_environment();

/// Replaces `${VAR}` and `${VAR:-default}` (for unset or empty) in every string of `section` that
/// comes from the file; `$${` stands for a literal `${`. What can't be replaced is appended to
/// `diagnostics`.
void expand_variables(LocatedJson& config, const std::string& section,
                      const Environment& environment, Diagnostics& diagnostics);

}  // namespace shadowcat::core
