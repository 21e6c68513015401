// SPDX-License-Identifier: Apache-2.0
// Finds the uses of co_await that GCC 12 miscompiles: beside certain temporaries, in conditions.
#pragma once

#include "finding.hpp"

#include <string>
#include <string_view>

namespace shadowcat::lint {

/// Flags co_await in the condition of an if, for, while or switch, unless the condition is a
/// declaration: where the coroutine declares no variable at all, GCC 12 lays out its frame wrongly
/// and it crashes when resumed. Nothing allows that: it would rest on a variable somewhere else.
///
/// Flags, in every statement with co_await: braced and designated initialisers and capturing
/// lambdas.
/// `// lint: co_await-ok reason` in the statement, or alone on the line above it, allows these; one
/// without a reason, or with nothing to allow, is a finding too. Not seen: `Aggregate(…)`, which
/// looks like a call.
Findings check_co_await(const std::string& file, std::string_view source);

}  // namespace shadowcat::lint
