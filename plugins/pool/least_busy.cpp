// SPDX-License-Identifier: Apache-2.0
// Compares loads, beginning behind the candidate picked last so that ties rotate.
#include "least_busy.hpp"

#include <tuple>

namespace shadowcat::pool {

namespace {

bool less_busy(const sdk::Candidate& one, const sdk::Candidate& other) {
    return std::tie(one.in_flight, one.sessions) < std::tie(other.in_flight, other.sessions);
}

}  // namespace

std::size_t LeastBusy::pick(std::span<const sdk::Candidate> candidates, const sdk::PickRequest&) {
    std::size_t best = next_ % candidates.size();
    for (std::size_t step = 1; step < candidates.size(); ++step) {
        const std::size_t index = (next_ + step) % candidates.size();
        if (less_busy(candidates[index], candidates[best])) best = index;
    }
    next_ = best + 1;
    return best;
}

}  // namespace shadowcat::pool
