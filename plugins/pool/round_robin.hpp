// SPDX-License-Identifier: Apache-2.0
// round_robin: every candidate in turn.
#pragma once

#include "shadowcat/sdk/pool_strategy.hpp"

namespace shadowcat::pool {

class RoundRobin final : public sdk::PoolStrategy {
public:
    std::size_t pick(std::span<const sdk::Candidate> candidates, const sdk::PickRequest&) override;

private:
    std::size_t next_ = 0;
};

}  // namespace shadowcat::pool
