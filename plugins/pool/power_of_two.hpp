// SPDX-License-Identifier: Apache-2.0
// power_of_two: of two candidates drawn at random the one that has less to do.
#pragma once

#include "shadowcat/sdk/pool_strategy.hpp"

#include <cstdint>
#include <random>

namespace shadowcat::pool {

/// Nearly as even as comparing all, at a cost that doesn't grow with the group. And where several
/// workers or proxies decide by the same, slightly old loads, they don't all run to one upstream.
/// Loads count per weight: at weights of 2 and 1 the former has less to do with 2 calls against 2.
class PowerOfTwo final : public sdk::PoolStrategy {
public:
    explicit PowerOfTwo(std::uint64_t seed) : random_(seed) {}

    std::size_t pick(std::span<const sdk::Candidate> candidates, const sdk::PickRequest&) override;

private:
    std::size_t draw(std::size_t below);

    std::mt19937_64 random_;
};

}  // namespace shadowcat::pool
