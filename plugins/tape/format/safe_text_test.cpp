// SPDX-License-Identifier: Apache-2.0
// safe_text: nothing that a peer writes commands a terminal.
#include "format/safe_text.hpp"

#include <doctest/doctest.h>

using namespace shadowcat;
using tape::safe_text;

TEST_CASE("ordinary text stays as it is") {
    CHECK(safe_text("") == "");
    CHECK(safe_text("plain { \"a\": 1 }") == "plain { \"a\": 1 }");
    CHECK(safe_text("grün 猫 🐈") == "grün 猫 🐈");
}

TEST_CASE("line breaks and escape sequences are spelled out") {
    CHECK(safe_text("a\nb\tc\r") == "a\\nb\\tc\\r");
    CHECK(safe_text("\x1b[31mred\x1b]0;title\x07") == "\\u001b[31mred\\u001b]0;title\\u0007");
    CHECK(safe_text("\x7f") == "\\u007f");
    CHECK(safe_text("\xC2\x9B"
                    "31m") == "\\u009b31m");
}

TEST_CASE("what hides text or turns its direction is spelled out") {
    CHECK(safe_text("a\u202Eb\u200Bc\uFEFF") == "a\\u202eb\\u200bc\\ufeff");
    CHECK(safe_text("\U000E0041") == "\\ue0041");
}

TEST_CASE("what isn't UTF-8 is replaced") {
    CHECK(safe_text("a\xFFz") == "a\uFFFDz");
    CHECK(safe_text("\xC0\xAF") == "\uFFFD\uFFFD");
    CHECK(safe_text("\xED\xA0\x80") == "\uFFFD\uFFFD\uFFFD");
    CHECK(safe_text("\xE2\x82") == "\uFFFD\uFFFD");
}

TEST_CASE("long text is cut between characters and marked") {
    CHECK(safe_text("abcdef", 3) == "abc…");
    CHECK(safe_text("abc", 3) == "abc");
    CHECK(safe_text("aäö", 2) == "a…");
    CHECK(safe_text("a\x1b", 3) == "a…");
}

TEST_CASE("lines stay lines where they may") {
    CHECK(tape::safe_lines("a\n\x1b\nb") == "a\n\\u001b\nb");
    CHECK(tape::safe_lines("a\n") == "a\n");
}

TEST_CASE("JSON keeps its meaning") {
    CHECK(tape::safe_json("{\n\t\"a\": \"\u009b\u202e猫\"}") ==
          "{\n\t\"a\": \"\\u009b\\u202e猫\"}");
    CHECK(tape::safe_json("\"\U000E0041\"") == "\"\\udb40\\udc41\"");
    CHECK(tape::safe_json("\"\xFF\"") == "\"\uFFFD\"");
}
