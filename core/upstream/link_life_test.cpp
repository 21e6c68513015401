// SPDX-License-Identifier: Apache-2.0
// When a link has served its time.
#include "core/upstream/link_life.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::core;
using std::chrono::seconds;

namespace {

const sdk::TimePoint kLifeStart = sdk::TimePoint(std::chrono::hours(1));

LinkLife opened() {
    LinkLife life;
    life.opened(kLifeStart);
    return life;
}

}  // namespace

TEST_CASE("without limits a link lives on") {
    LinkLife life = opened();
    for (int i = 0; i < 1000; ++i)
        life.call_begun(kLifeStart);
    const sdk::TimePoint late = kLifeStart + std::chrono::hours(10000);
    CHECK_FALSE(life.served(late, std::size_t{1} << 40, PoolSettings()).has_value());
    CHECK_FALSE(opened().idle(late, PoolSettings()));
}

TEST_CASE("each limit ends a link for its own reason") {
    PoolSettings how;
    how.max_requests = 2;
    LinkLife life = opened();
    life.call_begun(kLifeStart);
    CHECK_FALSE(life.served(kLifeStart, 0, how).has_value());
    life.call_begun(kLifeStart);
    CHECK(life.served(kLifeStart, 0, how) == RecycleReason::requests);

    how = PoolSettings();
    how.max_age = seconds(60);
    CHECK_FALSE(opened().served(kLifeStart + seconds(59), 0, how).has_value());
    CHECK(opened().served(kLifeStart + seconds(60), 0, how) == RecycleReason::age);

    how = PoolSettings();
    how.max_memory_bytes = 1000;
    CHECK_FALSE(opened().served(kLifeStart, 0, how).has_value());
    CHECK_FALSE(opened().served(kLifeStart, 999, how).has_value());
    CHECK(opened().served(kLifeStart, 1000, how) == RecycleReason::memory);
}

TEST_CASE("a link with a call is not idle, however long that takes") {
    PoolSettings how;
    how.idle_timeout = seconds(10);
    LinkLife life = opened();
    CHECK_FALSE(life.idle(kLifeStart + seconds(9), how));
    CHECK(life.idle(kLifeStart + seconds(10), how));
    life.call_begun(kLifeStart + seconds(5));
    CHECK_FALSE(life.idle(kLifeStart + seconds(500), how));
    life.call_ended(kLifeStart + seconds(500));
    CHECK_FALSE(life.idle(kLifeStart + seconds(509), how));
    CHECK(life.idle(kLifeStart + seconds(510), how));
}

TEST_CASE("reasons have names for metrics") { CHECK(name(RecycleReason::memory) == "memory"); }
