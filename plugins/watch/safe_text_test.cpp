// SPDX-License-Identifier: Apache-2.0
// What strangers write, as a terminal gets it.
#include "safe_text.hpp"

#include "utf8.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace shadowcat::watch;

TEST_CASE("what is harmless stays as it is") {
    CHECK(safe("plain \\ text \"quoted\"") == "plain \\ text \"quoted\"");
    CHECK(safe("äöü 漢字 🐈 e\u0301") == "äöü 漢字 🐈 e\u0301");
    CHECK(safe("").empty());
}

TEST_CASE("what commands a terminal, forges a line or turns it round is escaped") {
    CHECK(safe("\x1b[2J") == "\\u001b[2J");
    CHECK(safe("a\nb\tc\rd") == "a\\nb\\tc\\rd");
    CHECK(safe(std::string_view("a\0b", 3)) == "a\\u0000b");
    CHECK(safe("\x7f") == "\\u007f");
    CHECK(safe("\u009b2J") == "\\u009b2J");
    CHECK(safe("\u202Egnp.exe") == "\\u202egnp.exe");
    CHECK(safe("\u2028\u2066\u200b\ufeff") == "\\u2028\\u2066\\u200b\\ufeff");
    CHECK(safe("\U000E0041") == "\\U000e0041");
}

TEST_CASE("no byte of what is no UTF-8 gets through") {
    CHECK(safe("\x9b") == "\uFFFD");
    CHECK(safe("a\xc3") == "a\uFFFD");
    CHECK(safe("\xc0\xaf") == "\uFFFD\uFFFD");
    CHECK(safe("\xed\xa0\x80") == "\uFFFD\uFFFD\uFFFD");
    CHECK(safe("\xf4\x90\x80\x80") == "\uFFFD\uFFFD\uFFFD\uFFFD");
    std::string every;
    for (int byte = 0; byte < 256; ++byte)
        every += static_cast<char>(byte);
    const std::string shown = safe(every);
    CHECK(std::ranges::none_of(shown, [](unsigned char c) { return c < 0x20 || c == 0x7f; }));
    CHECK(valid_utf8(shown) == shown);
}

TEST_CASE("width counts columns, not bytes") {
    CHECK(columns_of("abc") == 3);
    CHECK(columns_of("äöü") == 3);
    CHECK(columns_of("漢字") == 4);
    CHECK(columns_of("🐈") == 2);
    CHECK(columns_of("e\u0301") == 1);
    CHECK(columns_of("→") == 1);
}

TEST_CASE("a cut leaves whole characters") {
    CHECK(fitting("äöü", 2) == "äö");
    CHECK(fitting("漢字", 3) == "漢");
    CHECK(fitting("abc", 9) == "abc");
    CHECK(fitting("e\u0301x", 1) == "e\u0301");
    CHECK(excerpt("aäö", 2) == "a…");
    CHECK(excerpt("aä", 3) == "aä");
    CHECK(head_of("🐈🐈", 7) == "🐈");
}
