// SPDX-License-Identifier: Apache-2.0
// When a breaker lets calls through.
#include "core/upstream/circuit_breaker.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::core;
using std::chrono::seconds;

namespace {

const sdk::TimePoint kBreakerStart = sdk::TimePoint(std::chrono::hours(1));

BreakerSettings three_failures() {
    BreakerSettings how;
    how.failures = 3;
    how.open_for = seconds(30);
    return how;
}

class Opened {
public:
    Opened() {
        for (int i = 0; i < 3; ++i)
            changes += breaker.record(false, kBreakerStart, three_failures());
    }

    CircuitBreaker breaker;
    int changes = 0;
    const sdk::TimePoint later = kBreakerStart + seconds(30);
};

}  // namespace

TEST_CASE("a breaker opens after failures in a row only") {
    CircuitBreaker breaker;
    for (int i = 0; i < 10; ++i) {
        CHECK_FALSE(breaker.record(false, kBreakerStart, three_failures()));
        CHECK_FALSE(breaker.record(false, kBreakerStart, three_failures()));
        CHECK_FALSE(breaker.record(true, kBreakerStart, three_failures()));
    }
    CHECK(breaker.would_pass(kBreakerStart));
    const Opened opened;
    CHECK(opened.changes == 1);
    CHECK_FALSE(opened.breaker.would_pass(kBreakerStart + seconds(29)));
    CHECK(opened.breaker.phase(kBreakerStart) == BreakerPhase::open);
    CHECK(opened.breaker.open_until() == kBreakerStart + seconds(30));
}

TEST_CASE("a half-open breaker lets exactly one call through") {
    Opened opened;
    CHECK_FALSE(opened.breaker.try_pass(kBreakerStart).allowed);
    CHECK(opened.breaker.phase(opened.later) == BreakerPhase::half_open);
    CHECK(opened.breaker.would_pass(opened.later));
    CHECK(opened.breaker.try_pass(opened.later).allowed);
    CHECK_FALSE(opened.breaker.would_pass(opened.later));
    CHECK_FALSE(opened.breaker.try_pass(opened.later + seconds(3600)).allowed);
}

TEST_CASE("the trial's success closes, its failure opens again") {
    Opened good;
    (void)good.breaker.try_pass(good.later);
    CHECK(good.breaker.record(true, good.later, three_failures()));
    CHECK(good.breaker.phase(good.later) == BreakerPhase::closed);

    Opened bad;
    (void)bad.breaker.try_pass(bad.later);
    CHECK_FALSE(bad.breaker.record(false, bad.later, three_failures()));  // was and is not closed
    CHECK(bad.breaker.phase(bad.later) == BreakerPhase::open);
    CHECK(bad.breaker.open_until() == bad.later + seconds(30));
}

TEST_CASE("a trial that nobody judged makes room for the next") {
    Opened opened;
    const CircuitBreaker::Pass trial = opened.breaker.try_pass(opened.later);
    opened.breaker.give_back(trial.trial_word);
    const CircuitBreaker::Pass next = opened.breaker.try_pass(opened.later);
    CHECK(next.allowed);
    opened.breaker.give_back(trial.trial_word);  // again: it isn't the trial any more
    CHECK_FALSE(opened.breaker.would_pass(opened.later));
    opened.breaker.record(true, opened.later, three_failures());
    opened.breaker.give_back(next.trial_word);
    CHECK(opened.breaker.phase(opened.later) == BreakerPhase::closed);
}

TEST_CASE("results of calls from before it opened change nothing") {
    Opened opened;
    CHECK_FALSE(opened.breaker.record(true, kBreakerStart + seconds(1), three_failures()));
    CHECK_FALSE(opened.breaker.record(false, kBreakerStart + seconds(1), three_failures()));
    CHECK(opened.breaker.open_until() == kBreakerStart + seconds(30));
}

TEST_CASE("a trial that failed opens again also when it was given back first") {
    Opened opened;
    const CircuitBreaker::Pass trial = opened.breaker.try_pass(opened.later);
    opened.breaker.give_back(trial.trial_word);
    opened.breaker.record(false, opened.later, three_failures());
    CHECK(opened.breaker.phase(opened.later) == BreakerPhase::open);
}

TEST_CASE("a good probe allows a trial before its time") {
    Opened opened;
    opened.breaker.allow_trial();
    CHECK(opened.breaker.would_pass(kBreakerStart + seconds(1)));
    CircuitBreaker closed;
    closed.allow_trial();
    CHECK(closed.phase(kBreakerStart) == BreakerPhase::closed);
}
