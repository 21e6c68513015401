// SPDX-License-Identifier: Apache-2.0
// least_busy: the candidate with the fewest calls in flight, then the fewest sessions.
#pragma once

#include "shadowcat/sdk/pool_strategy.hpp"

namespace shadowcat::pool {

/// Candidates that tie take turns, so that an idle group isn't served by its first member alone.
class LeastBusy final : public sdk::PoolStrategy {
public:
    std::size_t pick(std::span<const sdk::Candidate> candidates, const sdk::PickRequest&) override;

private:
    std::size_t next_ = 0;
};

}  // namespace shadowcat::pool
