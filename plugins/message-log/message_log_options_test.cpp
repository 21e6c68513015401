// SPDX-License-Identifier: Apache-2.0
// Which configurations message_log takes.
#include "message_log_options.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

using namespace shadowcat;
using message_log::Options;

namespace {

Options options(const sdk::Json& value) {
    std::vector<sdk::ConfigError> errors;
    const sdk::Json checked = sdk::validate(Options::schema(), value, "interceptors[0]", errors);
    REQUIRE(errors.empty());
    return Options(checked);
}

}  // namespace

TEST_CASE("without keys: every message, at info, without payload") {
    const Options usual = options(sdk::Json::object());
    CHECK(usual.level == sdk::log::Level::info);
    CHECK_FALSE(usual.payload);
    CHECK(usual.methods.empty());
}

TEST_CASE("payload means debug") {
    CHECK(options({{"payload", true}}).level == sdk::log::Level::debug);
    CHECK(options({{"payload", true}, {"level", "debug"}}).level == sdk::log::Level::debug);
}

TEST_CASE("payload at info is refused") {
    CHECK_THROWS_WITH_AS(options({{"payload", true}, {"level", "info"}}),
                         doctest::Contains("payload: true needs level: debug"),
                         std::invalid_argument);
}

TEST_CASE("levels above info are refused, so that no error line is mistaken for one") {
    std::vector<sdk::ConfigError> errors;
    sdk::validate(Options::schema(), {{"level", "error"}}, "interceptors[0]", errors);
    REQUIRE(errors.size() == 1);
    CHECK(errors[0].path == "interceptors[0].level");
}
