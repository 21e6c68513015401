// SPDX-License-Identifier: Apache-2.0
// `shadowcat check`.
#pragma once

#include "core/cli/options.hpp"

#include <iosfwd>

namespace shadowcat::core {

/// Validates, starts nothing. Gives the exit code: 0 or 2.
int run_check(const CheckOptions& options, const Environment& environment, std::ostream& out,
              std::ostream& errors);

}  // namespace shadowcat::core
