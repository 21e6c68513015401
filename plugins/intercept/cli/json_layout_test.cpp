// SPDX-License-Identifier: Apache-2.0
// Laying out JSON: what is a token, and that none changes.
#include "cli/json_layout.hpp"

#include <doctest/doctest.h>

using shadowcat::intercept::compact_json;
using shadowcat::intercept::spread_json;

namespace {

const std::string kOdd =
    R"({"id":9007199254740993,"n":[1.0e5,-0,123456789012345678901234567890],"s":"a\"b {[,:]} \\",)"
    R"("e":{},"f":[],"u":"\u00e4 ä"})";

}  // namespace

TEST_CASE("members and elements get lines of their own") {
    CHECK(spread_json(R"({"a":1,"b":[true,null],"c":{"d":"x"}})") ==
          "{\n"
          "  \"a\": 1,\n"
          "  \"b\": [\n"
          "    true,\n"
          "    null\n"
          "  ],\n"
          "  \"c\": {\n"
          "    \"d\": \"x\"\n"
          "  }\n"
          "}");
    CHECK(spread_json("{ }") == "{}");
    CHECK(spread_json("[ {}, [\n] ]") == "[\n  {},\n  []\n]");
    CHECK(spread_json(" 7 ") == "7");
}

TEST_CASE("numbers and strings stay as they are written, there and back") {
    CHECK(compact_json(spread_json(kOdd)) == kOdd);
    CHECK(compact_json(kOdd) == kOdd);
    CHECK(compact_json("{ \"a b\" :\r\n\t[ 1 , \"c  d\" ] }\n") == R"({"a b":[1,"c  d"]})");
}

TEST_CASE("what is no JSON ends, too") {
    CHECK(spread_json("]]}}{{[\"") == "\n]\n]\n}\n}{\n  {\n    [\n      \"");
    CHECK(compact_json("{\"a\": \"b\nc") == "{\"a\":\"b\nc");
    CHECK(compact_json("\"\\").size() == 2);
    CHECK(spread_json("") == "");
}
