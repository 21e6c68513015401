// SPDX-License-Identifier: Apache-2.0
// Finds the temporaries that GCC 12 destroys twice when their statement contains co_await.
#pragma once

#include "finding.hpp"

#include <string>
#include <string_view>

namespace shadowcat::lint {

/// Flags, in every statement with co_await: braced and designated initialisers and capturing
/// lambdas.
/// `// lint: co_await-ok reason` in the statement, or alone on the line above it, allows them; one
/// without a reason, or with nothing to allow, is a finding too. Not seen: `Aggregate(…)`, which
/// looks like a call.
Findings check_co_await(const std::string& file, std::string_view source);

}  // namespace shadowcat::lint
