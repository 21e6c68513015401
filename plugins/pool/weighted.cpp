// SPDX-License-Identifier: Apache-2.0
// Keeps the credit of every candidate ever seen.
#include "weighted.hpp"

namespace shadowcat::pool {

namespace {

// Names come from the configuration, so this is only reached by a group that changes without end.
constexpr std::size_t kMaxNames = 4096;

}  // namespace

std::int64_t& Weighted::credit_of(std::string_view name) {
    const auto known = credits_.find(name);
    if (known != credits_.end()) return known->second;
    if (credits_.size() >= kMaxNames) credits_.clear();
    return credits_.emplace(name, 0).first->second;
}

std::size_t Weighted::pick(std::span<const sdk::Candidate> candidates, const sdk::PickRequest&) {
    std::int64_t earned = 0;
    std::int64_t most = 0;
    std::size_t richest = 0;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        earned += candidates[i].weight;
        const std::int64_t credit = credit_of(candidates[i].name) += candidates[i].weight;
        if (i > 0 && credit <= most) continue;
        most = credit;
        richest = i;
    }
    credit_of(candidates[richest].name) -= earned;
    return richest;
}

}  // namespace shadowcat::pool
