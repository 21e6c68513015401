// SPDX-License-Identifier: Apache-2.0
// Draws two distinct candidates and compares them.
#include "power_of_two.hpp"

namespace shadowcat::pool {

namespace {

/// Whether `load` spread over `weight` is less than `other_load` over `other_weight`, each with the
/// call that is to come; without division.
bool lighter(std::uint64_t load, std::uint64_t weight, std::uint64_t other_load,
             std::uint64_t other_weight) {
    return (load + 1) * other_weight < (other_load + 1) * weight;
}

bool less_busy_of_two(const sdk::Candidate& one, const sdk::Candidate& other) {
    if (lighter(one.in_flight, one.weight, other.in_flight, other.weight)) return true;
    if (lighter(other.in_flight, other.weight, one.in_flight, one.weight)) return false;
    return lighter(one.sessions, one.weight, other.sessions, other.weight);
}

}  // namespace

std::size_t PowerOfTwo::draw(std::size_t below) {
    return std::uniform_int_distribution<std::size_t>(0, below - 1)(random_);
}

std::size_t PowerOfTwo::pick(std::span<const sdk::Candidate> candidates, const sdk::PickRequest&) {
    if (candidates.size() == 1) return 0;
    const std::size_t first = draw(candidates.size());
    std::size_t second = draw(candidates.size() - 1);
    if (second >= first) ++second;
    return less_busy_of_two(candidates[second], candidates[first]) ? second : first;
}

}  // namespace shadowcat::pool
