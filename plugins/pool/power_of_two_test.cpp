// SPDX-License-Identifier: Apache-2.0
// power_of_two: which of two wins, and how evenly calls spread.
#include "power_of_two.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <deque>
#include <string>
#include <vector>

using shadowcat::pool::PowerOfTwo;
using shadowcat::sdk::Candidate;

namespace {

std::vector<int> counts(PowerOfTwo& strategy, const std::vector<Candidate>& candidates, int times) {
    std::vector<int> out(candidates.size());
    for (int i = 0; i < times; ++i)
        ++out[strategy.pick(candidates, {})];
    return out;
}

/// Candidates whose load follows the picks: each call ends after `lasting` more have begun.
std::vector<Candidate> loaded(PowerOfTwo& strategy, std::vector<Candidate> candidates, int calls,
                              std::size_t lasting, std::vector<int>& served) {
    std::deque<std::size_t> under_way;
    served.assign(candidates.size(), 0);
    for (int i = 0; i < calls; ++i) {
        const std::size_t picked = strategy.pick(candidates, {});
        ++candidates[picked].in_flight;
        ++served[picked];
        under_way.push_back(picked);
        if (under_way.size() <= lasting) continue;
        --candidates[under_way.front()].in_flight;
        under_way.pop_front();
    }
    return candidates;
}

}  // namespace

TEST_CASE("of two the one with fewer calls wins always") {
    const std::vector<Candidate> candidates = {{"a", 3, 0}, {"b", 2, 90}};
    PowerOfTwo strategy(1);
    CHECK(counts(strategy, candidates, 200) == std::vector<int>{0, 200});
}

TEST_CASE("with as many calls the one with fewer sessions wins") {
    const std::vector<Candidate> candidates = {{"a", 3, 5}, {"b", 3, 6}};
    PowerOfTwo strategy(1);
    CHECK(counts(strategy, candidates, 200) == std::vector<int>{200, 0});
}

TEST_CASE("load counts per weight") {
    const std::vector<Candidate> candidates = {{"a", 5, 0, 3}, {"b", 2, 0, 1}};
    PowerOfTwo strategy(1);
    CHECK(counts(strategy, candidates, 200) == std::vector<int>{200, 0});
}

TEST_CASE("the busiest of many is never picked, the least busy most often") {
    const std::vector<Candidate> candidates = {{"a", 9, 0}, {"b", 1, 0}, {"c", 5, 0}, {"d", 7, 0}};
    PowerOfTwo strategy(2);
    const auto got = counts(strategy, candidates, 6000);
    CHECK(got[0] == 0);
    CHECK(got[1] == doctest::Approx(3000).epsilon(0.1));  // in half of all pairs
    CHECK(got[2] == doctest::Approx(2000).epsilon(0.1));
    CHECK(got[3] == doctest::Approx(1000).epsilon(0.1));
}

TEST_CASE("idle candidates are picked equally often") {
    const std::vector<Candidate> idle = {{"a", 0, 0}, {"b", 0, 0}, {"c", 0, 0}, {"d", 0, 0}};
    PowerOfTwo strategy(3);
    for (const int count : counts(strategy, idle, 8000))
        CHECK(count == doctest::Approx(2000).epsilon(0.1));
}

TEST_CASE("under load all of a hundred stay close together") {
    const std::vector<Candidate> hundred(100, Candidate("u", 0, 0));
    PowerOfTwo strategy(4);
    std::vector<int> served;
    const auto after = loaded(strategy, hundred, 100'000, 1000, served);
    const auto [least, most] = std::ranges::minmax(after, {}, &Candidate::in_flight);
    CHECK(least.in_flight >= 5);  // 10 on average; a single random draw gives about 2 to 20
    CHECK(most.in_flight <= 14);
}

TEST_CASE("under load each serves as much as its weight says") {
    const std::vector<Candidate> candidates = {{"a", 0, 0, 4}, {"b", 0, 0, 2}, {"c", 0, 0, 2}};
    PowerOfTwo strategy(5);
    std::vector<int> served;
    loaded(strategy, candidates, 40'000, 80, served);
    CHECK(served[0] == doctest::Approx(20'000).epsilon(0.1));
    CHECK(served[1] == doctest::Approx(10'000).epsilon(0.1));
    CHECK(served[2] == doctest::Approx(10'000).epsilon(0.1));
}

TEST_CASE("a single candidate is picked, and one seed gives one sequence") {
    const std::vector<Candidate> one = {{"a", 0, 0}};
    const std::vector<Candidate> idle = {{"a", 0, 0}, {"b", 0, 0}, {"c", 0, 0}};
    PowerOfTwo first(9), second(9);
    CHECK(first.pick(one, {}) == 0);
    second.pick(one, {});
    for (int i = 0; i < 50; ++i)
        CHECK(first.pick(idle, {}) == second.pick(idle, {}));
}
