// SPDX-License-Identifier: Apache-2.0
// How long a collector is left alone.
#include "backoff.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::otlp;
using namespace std::chrono_literals;

TEST_CASE("pauses double to half a minute") {
    Backoff backoff;
    for (const auto expected : {1s, 2s, 4s, 8s, 16s, 30s, 30s})
        CHECK(backoff.next(std::nullopt, 0) == expected);
    backoff.reset();
    CHECK(backoff.next(std::nullopt, 0) == 1s);
}

TEST_CASE("chance takes away at most half") {
    for (const std::uint32_t chance : {4U, 512U, 1023U, 0xFFFFFFFFU}) {
        const auto pause = Backoff().next(std::nullopt, chance);
        CHECK(pause < 1s);
        CHECK(pause > 499ms);
    }
    CHECK(Backoff().next(std::nullopt, 512) == 750ms);
}

TEST_CASE("what the collector asks for is waited, within bounds") {
    Backoff backoff;
    CHECK(backoff.next(90s, 7) == 90s);
    CHECK(backoff.next(0s, 7) == 1s);
    CHECK(backoff.next(1'000'000s, 7) == 1h);
}
