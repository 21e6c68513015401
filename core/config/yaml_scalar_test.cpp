// SPDX-License-Identifier: Apache-2.0
// Unquoted scalars mean what YAML 1.2's core schema says, no more.
#include "core/config/yaml_scalar.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::core;
using shadowcat::sdk::Json;

TEST_CASE("null, booleans and numbers are recognised") {
    for (const char* text : {"", "~", "null", "Null", "NULL"})
        CHECK(resolve_plain_scalar(text).is_null());
    for (const char* text : {"true", "True", "TRUE"})
        CHECK(resolve_plain_scalar(text) == true);
    for (const char* text : {"false", "False", "FALSE"})
        CHECK(resolve_plain_scalar(text) == false);
    CHECK(resolve_plain_scalar("8080") == 8080);
    CHECK(resolve_plain_scalar("-3") == -3);
    CHECK(resolve_plain_scalar("+3") == 3);
    CHECK(resolve_plain_scalar("0o17") == 15);
    CHECK(resolve_plain_scalar("0xfF") == 255);
    CHECK(resolve_plain_scalar("0777") == 777);
    CHECK(resolve_plain_scalar("1.5") == 1.5);
    CHECK(resolve_plain_scalar(".5") == 0.5);
    CHECK(resolve_plain_scalar("-1e3") == -1000.0);
}

TEST_CASE("everything else is text") {
    for (const char* text : {"yes",
                             "no",
                             "on",
                             "off",
                             "y",
                             "tRUE",
                             "127.0.0.1:8080",
                             "2025-11-25",
                             "1.2.3",
                             "1_000",
                             "0x",
                             "0xzz",
                             "0o8",
                             "-",
                             "+",
                             ".",
                             "e5",
                             ".inf",
                             "-.INF",
                             ".nan",
                             "12:30",
                             "--production",
                             "1e999"}) {
        CAPTURE(text);
        CHECK(resolve_plain_scalar(text) == Json(text));
    }
}

TEST_CASE("a whole number that fits nowhere is no whole number") {
    CHECK(resolve_plain_scalar("99999999999999999999").is_number_float());
}
