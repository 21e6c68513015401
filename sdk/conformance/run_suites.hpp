// SPDX-License-Identifier: Apache-2.0
// Runs the doctest suites for one kind of part.
#pragma once

#include <string>
#include <vector>

namespace shadowcat::contract {

/// Runs `suites`, those cases whose name matches `test_case` (doctest's patterns; empty: all).
/// False when a case failed, when a suite has no case, and when no case matches.
bool run_suites(const std::vector<std::string>& suites, const std::string& test_case);

}  // namespace shadowcat::contract
