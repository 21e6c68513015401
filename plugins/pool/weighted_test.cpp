// SPDX-License-Identifier: Apache-2.0
// weighted: how often and in which order, also while candidates come and go.
#include "weighted.hpp"

#include <doctest/doctest.h>

#include <map>
#include <random>
#include <string>
#include <vector>

using shadowcat::pool::Weighted;
using shadowcat::sdk::Candidate;

namespace {

std::string picks(Weighted& strategy, const std::vector<Candidate>& candidates, int times) {
    std::string names;
    for (int i = 0; i < times; ++i)
        names += candidates[strategy.pick(candidates, {})].name;
    return names;
}

}  // namespace

TEST_CASE("the heavy one's turns are spread between those of the light ones") {
    const std::vector<Candidate> candidates = {{"a", 0, 0, 5}, {"b", 0, 0, 1}, {"c", 0, 0, 1}};
    Weighted strategy;
    CHECK(picks(strategy, candidates, 14) == "aabacaaaabacaa");
}

TEST_CASE("equal weights take turns, whatever their load") {
    const std::vector<Candidate> candidates = {{"a", 9, 9}, {"b", 0, 0}, {"c", 5, 1}};
    Weighted strategy;
    CHECK(picks(strategy, candidates, 6) == "abcabc");
}

TEST_CASE("over every full turn each candidate gets exactly its share") {
    std::mt19937 random(7);
    for (int group = 0; group < 50; ++group) {
        std::vector<std::string> names;
        for (std::size_t i = 0; i < 1 + random() % 8; ++i)
            names.push_back("upstream-" + std::to_string(i));
        std::vector<Candidate> candidates;
        std::uint32_t total = 0;
        for (const std::string& name : names) {
            candidates.emplace_back(name, 0, 0, 1 + random() % 20);
            total += candidates.back().weight;
        }
        Weighted strategy;
        std::vector<std::uint32_t> counts(candidates.size());
        for (std::uint32_t i = 0; i < 3 * total; ++i)
            ++counts[strategy.pick(candidates, {})];
        for (std::size_t i = 0; i < candidates.size(); ++i)
            CHECK(counts[i] == 3 * candidates[i].weight);
    }
}

TEST_CASE("one that is away and comes back shifts no share of the others") {
    const std::vector<Candidate> all = {{"a", 0, 0, 3}, {"b", 0, 0, 2}, {"c", 0, 0, 1}};
    const std::vector<Candidate> without_b = {{"a", 0, 0, 3}, {"c", 0, 0, 1}};
    Weighted strategy;
    std::mt19937 random(11);
    std::map<std::string_view, int> with, without;
    for (int i = 0; i < 6000; ++i) {
        const bool away = random() % 2 == 0;
        const auto& candidates = away ? without_b : all;
        ++(away ? without : with)[candidates[strategy.pick(candidates, {})].name];
    }
    // 3000 picks or so of each: a and c stay at 3 to 1 in sum, b gets its third while it is there.
    const double ratio = double(with["a"] + without["a"]) / (with["c"] + without["c"]);
    CHECK(ratio == doctest::Approx(3).epsilon(0.1));
    CHECK(with["b"] == doctest::Approx(1000).epsilon(0.1));
}

TEST_CASE("the greatest weights don't overflow") {
    const std::uint32_t most = UINT32_MAX;
    const std::vector<Candidate> candidates = {{"a", 0, 0, most}, {"b", 0, 0, most}};
    Weighted strategy;
    CHECK(picks(strategy, candidates, 4) == "abab");
}
