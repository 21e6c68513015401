// SPDX-License-Identifier: Apache-2.0
// The program behind main().
#pragma once

#include "shadowcat/sdk/export.hpp"

#include <string>
#include <vector>

namespace shadowcat::core {

/// Runs one command line (without the program's name). Returns the exit code: 0 success, 1 runtime
/// failure, 2 usage or configuration error.
SHADOWCAT_API int run_shadowcat(const std::vector<std::string>& arguments);

}  // namespace shadowcat::core
