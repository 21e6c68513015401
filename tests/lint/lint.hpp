// SPDX-License-Identifier: Apache-2.0
// The command line of the lint: `shadowcat-lint CHECK ROOT`.
#pragma once

#include <ostream>
#include <string>
#include <vector>

namespace shadowcat::lint {

/// Runs one check over the project at ROOT and prints a line per finding. Returns 0 if there is
/// none, 1 if there are some, 2 if the arguments are wrong, a file cannot be read, or ROOT holds no
/// source (a check that looks at nothing must not pass).
int run_lint(const std::vector<std::string>& arguments, std::ostream& out, std::ostream& err);

}  // namespace shadowcat::lint
