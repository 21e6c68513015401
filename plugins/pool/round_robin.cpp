// SPDX-License-Identifier: Apache-2.0
// Picks candidates in turn.
#include "round_robin.hpp"

namespace shadowcat::pool {

std::size_t RoundRobin::pick(std::span<const sdk::Candidate> candidates, const sdk::PickRequest&) {
    const std::size_t picked = next_ % candidates.size();
    next_ = picked + 1;
    return picked;
}

}  // namespace shadowcat::pool
