// SPDX-License-Identifier: Apache-2.0
// terminal_text: what reaches a terminal, and how much.
#include "cli/terminal_text.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::intercept;

TEST_CASE("text that does no harm stays") {
    CHECK(terminal_text("plain äöü 日本 🐈") == "plain äöü 日本 🐈");
}

TEST_CASE("what steers a terminal is spelt out") {
    CHECK(terminal_text("\x1b[31mred\x07") == "\\u001b[31mred\\u0007");
    CHECK(terminal_text("a\u0085b\u202Ec") == "a\\u0085b\\u202ec");
    CHECK(terminal_text("\U000E0041") == "\\udb40\\udc41");
    CHECK(terminal_text("a\nb") == "a\\u000ab");
    CHECK(terminal_text("a\nb\r", true) == "a\nb\\u000d");
}

TEST_CASE("bytes that are no UTF-8 are replaced one by one") {
    CHECK(terminal_text("a\xff\x62") ==
          "a\xEF\xBF\xBD"
          "b");
    CHECK(terminal_text("\xc0\xaf") == "\xEF\xBF\xBD\xEF\xBF\xBD");  // overlong
    CHECK(terminal_text("\xed\xa0\x80").size() == 9);                // a surrogate
    CHECK(terminal_text("\xe4\xb8") == "\xEF\xBF\xBD\xEF\xBF\xBD");  // cut off
}

TEST_CASE("an excerpt has so many characters at most") {
    CHECK(terminal_excerpt("abc", 3) == "abc");
    CHECK(terminal_excerpt("abcd", 3) == "abc…");
    CHECK(terminal_excerpt("äöüß", 3) == "äöü…");
    CHECK(terminal_excerpt(std::string(1'000'000, 'x'), 4) == "xxxx…");
    CHECK(terminal_excerpt("", 3) == "");
    CHECK(length_of("aä日🐈") == 4);
}
