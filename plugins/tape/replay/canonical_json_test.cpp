// SPDX-License-Identifier: Apache-2.0
// canonical_json: what counts as the same, and what doesn't.
#include "replay/canonical_json.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::tape;

TEST_CASE("the order of members and white space don't matter, that of elements does") {
    CHECK(canonical_json(R"({ "b" : [1, 2], "a" : { "d":null, "c":true } })") ==
          R"({"a":{"c":true,"d":null},"b":[1,2]})");
    CHECK(canonical_json("[1,2]") != canonical_json("[2,1]"));
}

TEST_CASE("strings count by their characters, not by their escapes") {
    CHECK(canonical_json(R"("\u0041\/é")") == canonical_json(R"("A/\u00e9")"));
    CHECK(canonical_json(R"({"\u0061":1})") == R"({"a":1})");
    CHECK(canonical_json(R"("1")") != canonical_json("1"));
}

TEST_CASE("numbers count by their value") {
    CHECK(canonical_number("1") == "1");
    CHECK(canonical_number("1.0") == "1");
    CHECK(canonical_number("10e-1") == "1");
    CHECK(canonical_number("-0.0") == "0");
    CHECK(canonical_number("1000") == canonical_number("1E+3"));
    CHECK(canonical_number("0.25") == "25e-2");
    CHECK(canonical_number("-2.50") == canonical_number("-25e-1"));
}

TEST_CASE("no digit is lost, however long the number is") {
    CHECK(canonical_number("9007199254740993") != canonical_number("9007199254740992"));
    CHECK(canonical_number("0.1000000000000000000000001") != canonical_number("0.1"));
}

TEST_CASE("an exponent that nothing holds stays as it was written") {
    CHECK(canonical_number("1e99999999999") == "1e99999999999");
}
