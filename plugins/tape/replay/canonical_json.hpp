// SPDX-License-Identifier: Apache-2.0
// canonical_json: one spelling for all JSON texts that mean the same.
#pragma once

#include <string>
#include <string_view>

namespace shadowcat::tape {

/// `text` with members sorted by key, without white space, with strings escaped in one way and
/// numbers by their value. Exact: no digit passes through a double. `text` is valid JSON.
std::string canonical_json(std::string_view text);

/// One spelling for each number, whatever its size: `1`, `1.0` and `10e-1` are all `1`; what has
/// zeros at its end or a fraction is `<digits>e<exponent>`.
std::string canonical_number(std::string_view lexeme);

}  // namespace shadowcat::tape
