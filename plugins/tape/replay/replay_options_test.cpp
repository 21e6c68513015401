// SPDX-License-Identifier: Apache-2.0
// Which configurations the connector replay takes.
#include "replay/replay_options.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

using namespace shadowcat;
using namespace shadowcat::tape;

namespace {

ReplayOptions replay_options(sdk::Json value) {
    value["tape"] = value.value("tape", "a.jsonl");
    std::vector<sdk::ConfigError> errors;
    const sdk::Json checked = sdk::validate(ReplayOptions::schema(), value, "upstream", errors);
    REQUIRE(errors.empty());
    return ReplayOptions(checked);
}

void check_refused(const sdk::Json& value, const char* why) {
    CHECK_THROWS_WITH_AS(replay_options(value), doctest::Contains(why), std::invalid_argument);
}

const sdk::Json kLive = {{"transport", "stdio"}, {"command", {"server"}}};

}  // namespace

TEST_CASE("by default: normalised, instant, errors, no redacted tapes") {
    const ReplayOptions usual = replay_options(sdk::Json::object());
    CHECK(usual.match == MatchMode::normalised);
    CHECK(usual.timing == Timing::instant);
    CHECK(usual.on_no_match == OnNoMatch::error);
    CHECK_FALSE(usual.allow_redacted);
}

TEST_CASE("a live server and the wish for one need each other") {
    CHECK(replay_options({{"on_no_match", "upstream"}, {"upstream", kLive}}).upstream == kLive);
    check_refused({{"on_no_match", "upstream"}}, "needs upstream");
    check_refused({{"upstream", kLive}}, "upstream needs on_no_match");
}

TEST_CASE("speed is refused where it does nothing, or makes no sense") {
    CHECK(replay_options({{"timing", "recorded"}, {"speed", 2.5}}).speed == 2.5);
    check_refused({{"speed", 2}}, "speed needs timing: recorded");
    check_refused({{"timing", "recorded"}, {"speed", 0}}, "between");
    check_refused({{"timing", "recorded"}, {"speed", -1}}, "between");
}
