// SPDX-License-Identifier: Apache-2.0
// round_robin: whose turn it is.
#include "round_robin.hpp"

#include <doctest/doctest.h>

#include <vector>

using shadowcat::pool::RoundRobin;
using shadowcat::sdk::Candidate;

TEST_CASE("each candidate gets its turn, whatever its load") {
    const std::vector<Candidate> three = {{"a", 9, 9}, {"b", 0, 0}, {"c", 5, 0}};
    RoundRobin strategy;
    std::vector<std::size_t> picks;
    for (int i = 0; i < 6; ++i)
        picks.push_back(strategy.pick(three, {}));
    CHECK(picks == std::vector<std::size_t>{0, 1, 2, 0, 1, 2});
}

TEST_CASE("a shrinking list of candidates stays in turn") {
    const std::vector<Candidate> three = {{"a", 0, 0}, {"b", 0, 0}, {"c", 0, 0}};
    const std::vector<Candidate> two = {{"a", 0, 0}, {"b", 0, 0}};
    RoundRobin strategy;
    strategy.pick(three, {});
    strategy.pick(three, {});
    CHECK(strategy.pick(two, {}) == 0);
    CHECK(strategy.pick(two, {}) == 1);
    CHECK(strategy.pick(three, {}) == 2);
}

TEST_CASE("turns are counted per group") {
    const std::vector<Candidate> two = {{"a", 0, 0}, {"b", 0, 0}};
    RoundRobin one, other;
    CHECK(one.pick(two, {}) == 0);
    CHECK(other.pick(two, {}) == 0);
}
