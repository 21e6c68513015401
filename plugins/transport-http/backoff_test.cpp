// SPDX-License-Identifier: Apache-2.0
// Waiting times between reconnections.
#include "backoff.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace shadowcat::http;
namespace sdk = shadowcat::sdk;
using std::chrono::milliseconds;

TEST_CASE("times double up to the longest and start again after success") {
    Backoff backoff;
    std::vector<sdk::Duration> times;
    for (int i = 0; i < 9; ++i)
        times.push_back(backoff.next(std::nullopt, 0));
    const std::vector<sdk::Duration> expected = {
        milliseconds(500),   milliseconds(1000),  milliseconds(2000),
        milliseconds(4000),  milliseconds(8000),  milliseconds(16000),
        milliseconds(30000), milliseconds(30000), milliseconds(30000)};
    CHECK(times == expected);
    backoff.reset();
    CHECK(backoff.next(std::nullopt, 0) == milliseconds(500));
}

TEST_CASE("chance shortens a time by less than a quarter") {
    for (std::uint32_t chance : {0u, 1u, 255u, 256u, 4294967295u}) {
        Backoff backoff;
        const auto time = backoff.next(std::nullopt, chance);
        CHECK(time > milliseconds(375));
        CHECK(time <= milliseconds(500));
    }
}

TEST_CASE("what the server asked for is waited, and more if it keeps failing") {
    Backoff backoff;
    CHECK(backoff.next(20, 255) == milliseconds(20));
    CHECK(backoff.next(20, 0) == milliseconds(1000));
    CHECK(backoff.next(5000, 255) == milliseconds(5000));
    CHECK(backoff.next(~0ull, 0) == std::chrono::hours(1));
}
