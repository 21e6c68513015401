// SPDX-License-Identifier: Apache-2.0
// weighted: candidates in turn, each as often as its weight says.
#pragma once

#include "shadowcat/sdk/pool_strategy.hpp"

#include <cstdint>
#include <map>
#include <string>

namespace shadowcat::pool {

/// Smooth weighted round robin: every candidate earns its weight at each pick, the richest is
/// picked and pays what all earned. So 5:1:1 gives a a b a c a a, not a a a a a b c. Credit is kept
/// by name: a candidate that is away for a while neither loses its place nor shifts that of others.
class Weighted final : public sdk::PoolStrategy {
public:
    std::size_t pick(std::span<const sdk::Candidate> candidates, const sdk::PickRequest&) override;

private:
    std::int64_t& credit_of(std::string_view name);

    std::map<std::string, std::int64_t, std::less<>> credits_;
};

}  // namespace shadowcat::pool
