// SPDX-License-Identifier: Apache-2.0
// Which configurations access_log takes.
#include "options.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

using namespace shadowcat;
using access_log::Field;
using access_log::Options;

namespace {

Options options(const sdk::Json& value) {
    std::vector<sdk::ConfigError> errors;
    const sdk::Json checked = sdk::validate(Options::schema(), value, "", errors);
    REQUIRE(errors.empty());
    return Options(checked);
}

}  // namespace

TEST_CASE("a path is enough: every field, no rotation, 4 MiB of patience") {
    const Options usual = options({{"path", "/var/log/shadowcat/access.log"}});
    CHECK(usual.path == "/var/log/shadowcat/access.log");
    for (std::size_t i = 0; i < access_log::kFields; ++i)
        CHECK(usual.fields.has(static_cast<Field>(i)));
    CHECK(usual.max_bytes == 0);
    CHECK(usual.queue_bytes == 4194304);
}

TEST_CASE("fields are chosen by name") {
    const Options some = options({{"path", "x"}, {"fields", {"ts", "span_id"}}});
    CHECK(some.fields.has(Field::ts));
    CHECK(some.fields.has(Field::span_id));
    CHECK_FALSE(some.fields.has(Field::principal));
}

TEST_CASE("a field that doesn't exist is refused, with those that do") {
    CHECK_THROWS_WITH_AS(options({{"path", "x"}, {"fields", {"ts", "params"}}}),
                         doctest::Contains("no field is called \"params\"; there are ts, session"),
                         std::invalid_argument);
}

TEST_CASE("what can't work is refused") {
    CHECK_THROWS_AS(options({{"path", ""}}), std::invalid_argument);
    CHECK_THROWS_AS(options({{"path", std::string("a\0b", 3)}}), std::invalid_argument);
    CHECK_THROWS_WITH_AS(options({{"path", "stdout"}, {"max_bytes", 100000}}),
                         "max_bytes: stdout can't be rotated", std::invalid_argument);
    CHECK_THROWS_AS(options({{"path", "x"}, {"max_bytes", 100}}), std::invalid_argument);
}
