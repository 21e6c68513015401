// SPDX-License-Identifier: Apache-2.0
// How pauses between starts grow and end.
#include "core/upstream/start_backoff.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::core;
using std::chrono::milliseconds;

namespace {

const sdk::TimePoint kBackoffStart = sdk::TimePoint(std::chrono::hours(1));
constexpr double kLongest = 1.0;  // of the jitter

PoolSettings pool() {
    PoolSettings settings;
    settings.min_backoff = milliseconds(200);
    settings.max_backoff = milliseconds(1000);
    return settings;
}

/// Fails when the pause before it is over; the length of the new pause.
sdk::Duration fail(StartBackoff& backoff, double chance = kLongest) {
    const sdk::TimePoint now = std::max(kBackoffStart, backoff.paused_until());
    backoff.failed(now, pool(), chance);
    return backoff.paused_until() - now;
}

}  // namespace

TEST_CASE("pauses double up to the longest one") {
    StartBackoff backoff;
    CHECK_FALSE(backoff.paused(kBackoffStart));
    CHECK(fail(backoff) == milliseconds(200));
    CHECK(backoff.paused(kBackoffStart + milliseconds(199)));
    CHECK_FALSE(backoff.paused(kBackoffStart + milliseconds(200)));
    CHECK(fail(backoff) == milliseconds(400));
    CHECK(fail(backoff) == milliseconds(800));
    CHECK(fail(backoff) == milliseconds(1000));
    CHECK(fail(backoff) == milliseconds(1000));
}

TEST_CASE("jitter shortens a pause by up to a half") {
    StartBackoff backoff;
    CHECK(fail(backoff, 0.0) == milliseconds(100));
    StartBackoff other;
    CHECK(fail(other, 0.5) == milliseconds(150));
}

TEST_CASE("failures during a pause don't prolong it") {
    StartBackoff backoff;
    fail(backoff);
    for (int i = 0; i < 100; ++i)
        backoff.failed(kBackoffStart + milliseconds(1), pool(), kLongest);
    CHECK(backoff.paused_until() == kBackoffStart + milliseconds(200));
    CHECK(backoff.failures() == 1);
}

TEST_CASE("a success ends the pause and begins anew") {
    StartBackoff backoff;
    fail(backoff);
    fail(backoff);
    backoff.succeeded();
    CHECK_FALSE(backoff.paused(kBackoffStart));
    CHECK(fail(backoff) == milliseconds(200));
}
