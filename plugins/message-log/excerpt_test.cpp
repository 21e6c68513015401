// SPDX-License-Identifier: Apache-2.0
// excerpt: where a text is cut.
#include "excerpt.hpp"

#include <doctest/doctest.h>

using shadowcat::message_log::excerpt;

TEST_CASE("what fits is left alone") {
    CHECK(excerpt("", 3) == "");
    CHECK(excerpt("abc", 3) == "abc");
    CHECK(excerpt("äö", 4) == "äö");
}

TEST_CASE("what doesn't fit is cut and marked") { CHECK(excerpt("abcdef", 3) == "abc…"); }

TEST_CASE("no character is cut in two") {
    CHECK(excerpt("aäö", 2) == "a…");
    CHECK(excerpt("aäö", 3) == "aä…");
    CHECK(excerpt("🐈🐈", 7) == "🐈…");
    CHECK(excerpt("🐈", 1) == "…");
}
