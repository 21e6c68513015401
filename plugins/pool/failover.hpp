// SPDX-License-Identifier: Apache-2.0
// failover: the first candidate in the order of the configuration.
#pragma once

#include "shadowcat/sdk/pool_strategy.hpp"

namespace shadowcat::pool {

/// The others stand by. As soon as an earlier one is healthy again, or has room again, what is
/// picked from then on is picked there.
class Failover final : public sdk::PoolStrategy {
public:
    std::size_t pick(std::span<const sdk::Candidate> candidates, const sdk::PickRequest&) override;
};

}  // namespace shadowcat::pool
