// SPDX-License-Identifier: Apache-2.0
// When things are due, by a clock that the test owns.
#include "replay/schedule.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::tape;
using shadowcat::sdk::TimePoint;
using namespace std::chrono_literals;

namespace {
const TimePoint kNoon = TimePoint() + 12h;
}

TEST_CASE("recorded timing keeps the distances of the recording") {
    const Schedule schedule(Timing::recorded, 1, kNoon, 1000.0);
    CHECK(schedule.due(1000.0) == kNoon);
    CHECK(schedule.due(1250.5) == kNoon + 250500us);
    CHECK(schedule.due(61000.0) == kNoon + 60s);
}

TEST_CASE("delays don't add up: a message sent late doesn't move the next") {
    const Schedule schedule(Timing::recorded, 1, kNoon, 0.0);
    TimePoint now = kNoon;
    for (int step = 1; step <= 1000; ++step) {
        const TimePoint due = schedule.due(step * 10.0);
        now = std::max(now, due) + 3ms;  // each message is 3 ms late
        CHECK(now - due == 3ms);
    }
    CHECK(schedule.due(10000.0) == kNoon + 10s);
}

TEST_CASE("a speed divides the distances") {
    CHECK(Schedule(Timing::recorded, 4, kNoon, 0.0).due(1000.0) == kNoon + 250ms);
    CHECK(Schedule(Timing::recorded, 0.5, kNoon, 0.0).due(1000.0) == kNoon + 2s);
}

TEST_CASE("once the client has answered, distances count from its answer") {
    Schedule schedule(Timing::recorded, 1, kNoon, 0.0);
    schedule.anchor(kNoon + 30s, 5000.0);  // the recording had its answer after 5 s, we after 30
    CHECK(schedule.due(5200.0) == kNoon + 30s + 200ms);
}

TEST_CASE("what was recorded earlier is due at once, and instantly everything") {
    CHECK(Schedule(Timing::recorded, 1, kNoon, 500.0).due(100.0) == kNoon);
    CHECK(Schedule(Timing::instant, 1, kNoon, 0.0).due(99999.0) == kNoon);
}
