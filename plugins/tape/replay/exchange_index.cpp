// SPDX-License-Identifier: Apache-2.0
// Looking things up in the index.
#include "replay/exchange_index.hpp"

#include <algorithm>
#include <set>

namespace shadowcat::tape {

std::span<const std::pair<std::uint64_t, std::uint32_t>> ExchangeIndex::with_key(
    std::uint64_t key) const {
    const auto [first, last] = std::ranges::equal_range(
        by_key_, key, {},
        [](const std::pair<std::uint64_t, std::uint32_t>& each) { return each.first; });
    return {first, last};
}

std::vector<std::string> ExchangeIndex::methods() const {
    std::set<std::string> all;
    for (const auto& [method, name] : subjects_)
        all.insert(method);
    return {all.begin(), all.end()};
}

}  // namespace shadowcat::tape
