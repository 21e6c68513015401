// SPDX-License-Identifier: Apache-2.0
// Contract of pool strategies: a valid choice, always, and no side effects.
#include "shadowcat/sdk/pool_strategy.hpp"

#include "footprint.hpp"
#include "subject.hpp"

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

using namespace shadowcat;
using namespace shadowcat::contract;

namespace {

class Group {
public:
    explicit Group(std::size_t size) {
        for (std::size_t i = 0; i < size; ++i)
            names_.push_back("upstream-" + std::to_string(i));
        for (const std::string& each : names_)
            candidates.emplace_back(each, 0, 0);
    }

    std::vector<sdk::Candidate> candidates;

private:
    std::vector<std::string> names_;
};

/// A client that strategies with a memory for clients can tell from others.
sdk::PickRequest someone() {
    static std::size_t next = 0;
    static std::string id;
    id = "session-" + std::to_string(++next % 100);
    return sdk::PickRequest(id, next % 2 == 0 ? "somebody" : "");
}

std::unique_ptr<sdk::PoolStrategy> make() {
    return subject().make<sdk::PoolStrategy>(subject().config());
}

}  // namespace

TEST_SUITE("pool_strategy") {
    TEST_CASE("every pick is one of the candidates, for groups of every size") {
        const auto strategy = make();
        for (std::size_t size = 1; size <= 64; ++size) {
            const Group group(size);
            for (std::size_t i = 0; i < 2 * size + 1; ++i)
                REQUIRE(strategy->pick(group.candidates, someone()) < size);
        }
    }

    TEST_CASE("every pick is valid while candidates come, go and are busy") {
        const auto strategy = make();
        std::mt19937 random(1);
        for (int i = 0; i < 5000; ++i) {
            Group group(1 + random() % 16);
            for (sdk::Candidate& each : group.candidates) {
                each.in_flight = random();
                each.sessions = random();
            }
            REQUIRE(strategy->pick(group.candidates, someone()) < group.candidates.size());
        }
    }

    TEST_CASE("picking touches nothing outside") {
        const Footprint before = Footprint::now();
        const auto strategy = make();
        const Group group(3);
        for (int i = 0; i < 100; ++i)
            strategy->pick(group.candidates, someone());
        CHECK(Footprint::now() == before);
    }
}
