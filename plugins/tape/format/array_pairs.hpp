// SPDX-License-Identifier: Apache-2.0
// ArrayPairs: which elements of two arrays are compared with each other.
#pragma once

#include "shadowcat/sdk/config.hpp"

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace shadowcat::tape {

class ArrayPairs {
public:
    std::vector<std::pair<std::size_t, std::size_t>> pairs;  ///< expected, actual
    std::vector<std::size_t> only_expected;
    std::vector<std::size_t> only_actual;
    std::string key;         ///< the member that pairs them; empty: their position
    bool reordered = false;  ///< by `key`: pairs that stand in another order
};

/// By an identifying member where all elements of both have one and none has it twice; else what
/// both begin and end with, and the middle by position.
ArrayPairs pair_elements(const sdk::Json& expected, const sdk::Json& actual);

/// Whether both hold the same strings, numbers, … but not in the same order.
bool same_scalars_in_another_order(const sdk::Json& expected, const sdk::Json& actual);

/// The values of the members `key`, as one short text: `[echo, add]`.
std::string order_of(const sdk::Json& array, const std::string& key);

}  // namespace shadowcat::tape
