// SPDX-License-Identifier: Apache-2.0
// Runs the doctest suites for one kind of part.
#pragma once

#include <string>

namespace shadowcat::contract {

/// Runs the suites `every kind` and `kind`, those cases whose name matches `test_case` (doctest's
/// patterns; empty: all). False when a case failed, and when the kind has no suite.
bool run_suites(const std::string& kind, const std::string& test_case);

}  // namespace shadowcat::contract
