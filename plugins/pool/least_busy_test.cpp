// SPDX-License-Identifier: Apache-2.0
// least_busy: who has the least to do, and what happens on a tie.
#include "least_busy.hpp"

#include <doctest/doctest.h>

#include <set>
#include <vector>

using shadowcat::pool::LeastBusy;
using shadowcat::sdk::Candidate;

TEST_CASE("the fewest calls in flight win") {
    const std::vector<Candidate> candidates = {{"a", 3, 0}, {"b", 1, 50}, {"c", 2, 0}};
    LeastBusy strategy;
    for (int i = 0; i < 5; ++i)
        CHECK(strategy.pick(candidates, {}) == 1);
}

TEST_CASE("with as many calls the fewest sessions win") {
    const std::vector<Candidate> candidates = {{"a", 1, 4}, {"b", 1, 3}, {"c", 1, 2}};
    LeastBusy strategy;
    for (int i = 0; i < 5; ++i)
        CHECK(strategy.pick(candidates, {}) == 2);
}

TEST_CASE("candidates that tie share evenly") {
    const std::vector<Candidate> idle = {{"a", 0, 0}, {"b", 0, 0}, {"c", 0, 0}};
    LeastBusy strategy;
    std::multiset<std::size_t> picks;
    for (int i = 0; i < 30; ++i)
        picks.insert(strategy.pick(idle, {}));
    for (std::size_t index = 0; index < idle.size(); ++index)
        CHECK(picks.count(index) == 10);
}

TEST_CASE("ties share among themselves and leave the busy one out") {
    const std::vector<Candidate> candidates = {{"a", 0, 0}, {"b", 1, 0}, {"c", 0, 0}};
    LeastBusy strategy;
    std::multiset<std::size_t> picks;
    for (int i = 0; i < 10; ++i)
        picks.insert(strategy.pick(candidates, {}));
    CHECK(picks.count(0) == 5);
    CHECK(picks.count(2) == 5);
}

TEST_CASE("load that follows the picks spreads over all") {
    std::vector<Candidate> candidates = {{"a", 0, 0}, {"b", 0, 0}, {"c", 0, 0}, {"d", 0, 0}};
    LeastBusy strategy;
    for (int i = 0; i < 40; ++i)
        ++candidates[strategy.pick(candidates, {})].in_flight;
    for (const Candidate& each : candidates)
        CHECK(each.in_flight == 10);
}
