// SPDX-License-Identifier: Apache-2.0
// failover: who serves when who is there.
#include "failover.hpp"

#include <doctest/doctest.h>

#include <vector>

using shadowcat::pool::Failover;
using shadowcat::sdk::Candidate;

TEST_CASE("the first of the configuration serves, however busy and light it is") {
    const std::vector<Candidate> candidates = {{"primary", 90, 9, 1}, {"standby", 0, 0, 100}};
    Failover strategy;
    for (int i = 0; i < 5; ++i)
        CHECK(strategy.pick(candidates, {}) == 0);
}

TEST_CASE("the next one stands in only for as long as the first is away") {
    const std::vector<Candidate> all = {{"primary", 0, 0}, {"second", 0, 0}, {"third", 0, 0}};
    const std::vector<Candidate> without_first(all.begin() + 1, all.end());
    Failover strategy;
    CHECK(all[strategy.pick(all, {})].name == "primary");
    CHECK(without_first[strategy.pick(without_first, {})].name == "second");
    CHECK(all[strategy.pick(all, {})].name == "primary");
}
