// SPDX-License-Identifier: Apache-2.0
// process_alive: crashes and links that can't be opened.
#include "process_alive.hpp"

#include "fake_target.hpp"

#include <doctest/doctest.h>

using namespace shadowcat;

TEST_CASE("an open link and no crash are healthy, without a word to the server") {
    pool::ProcessAlive checker;
    pool::FakeTarget target;
    CHECK(pool::check_once(checker, target).has_value());
    CHECK(target.opened == 1);
    CHECK(target.asked.empty());
}

TEST_CASE("a crash fails the probe after it, and only that one") {
    pool::ProcessAlive checker;
    pool::FakeTarget target;
    target.crashes = 2;
    const auto after_crash = pool::check_once(checker, target);
    REQUIRE(after_crash.has_error());
    CHECK(after_crash.error().code() == sdk::ErrorCode::crashed);
    CHECK(after_crash.error().message() == "2 connections ended unexpectedly since the last check");
    CHECK(pool::check_once(checker, target).has_value());
}

TEST_CASE("a link that can't be opened is unhealthy for its own reason") {
    pool::ProcessAlive checker;
    pool::FakeTarget target;
    target.crashes = 1;
    target.open = sdk::upstream_error(sdk::ErrorCode::unreachable, "connection refused");
    const auto verdict = pool::check_once(checker, target);
    REQUIRE(verdict.has_error());
    CHECK(verdict.error().message() == "connection refused");
    CHECK(target.crashes == 0);
}
