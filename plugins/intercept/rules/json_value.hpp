// SPDX-License-Identifier: Apache-2.0
// Compares values that stand in JSON texts.
#pragma once

#include <compare>
#include <string_view>

namespace shadowcat::intercept {

/// The same value: numbers by value (integers of any size exactly), strings by their characters,
/// objects without regard to order.
bool same_json(std::string_view a, std::string_view b);

/// How two numbers compare; `unordered` when one is no number. Exact for integers of 64 bits.
std::partial_ordering compare_numbers(std::string_view a, std::string_view b);

}  // namespace shadowcat::intercept
