// SPDX-License-Identifier: Apache-2.0
// Command lines are split as a shell splits them; what only a shell could do is refused.
#include "core/cli/shell_split.hpp"

#include <doctest/doctest.h>

using shadowcat::core::shell_split;
using Words = std::vector<std::string>;

namespace {

Words split(const std::string& line) {
    const auto words = shell_split(line);
    if (!words) return {"error: " + words.error().message()};
    return *words;
}

std::string split_problem(const std::string& line) {
    const auto words = shell_split(line);
    return words ? "none" : words.error().message();
}

}  // namespace

TEST_CASE("words are separated by blanks") {
    CHECK(split("python3 test_mcp_echo.py") == Words{"python3", "test_mcp_echo.py"});
    CHECK(split("  a\t b  \n") == Words{"a", "b"});
    CHECK(split("").empty());
    CHECK(split(" \t\n").empty());
}

TEST_CASE("quotes and backslashes keep words together") {
    CHECK(split("a 'b c' \"d e\" f\\ g") == Words{"a", "b c", "d e", "f g"});
    CHECK(split("--name='my server'x\"y\"z") == Words{"--name=my serverxyz"});
    CHECK(split("x '' \"\"") == Words{"x", "", ""});
    CHECK(split("'a\\n$HOME|*'") == Words{"a\\n$HOME|*"});
    CHECK(split("\"a\\\"b\\\\c\\d\\$e\"") == Words{"a\"b\\c\\d$e"});
    CHECK(split("\\$HOME \\| \\'") == Words{"$HOME", "|", "'"});
    CHECK(split("a\\\nb \"c\\\nd\"") == Words{"ab", "cd"});
    CHECK(split("'line\nbreak'") == Words{"line\nbreak"});
}

TEST_CASE("text that no shell would touch stays as it is") {
    CHECK(split("a=b").front().starts_with("error: "));
    CHECK(split("x a=b --c=d e~f g#h {i,j} k! l% @m +n http://o:80/p ä") ==
          Words{"x", "a=b", "--c=d", "e~f", "g#h", "{i,j}", "k!", "l%", "@m", "+n", "http://o:80/p",
                "ä"});
}

TEST_CASE("what a shell would act upon is refused, with its column") {
    CHECK(split_problem("a | b") ==
          "'|' at column 3 is special to a shell, but no shell is run: quote it if it is meant "
          "literally, or run a shell yourself: sh -c '…'");
    for (const char* line : {"a|b", "a & b", "a;b", "a <b", "a >b", "(a)", "a $HOME", "a \"$HOME\"",
                             "a `b`", "a \"`b`\"", "a *.md", "a b?", "a [b]", "~/a", "a # b"}) {
        CAPTURE(line);
        CHECK(split_problem(line).find("is special to a shell, but no shell is run") !=
              std::string::npos);
    }
    CHECK(split_problem("a\nb").starts_with("a line break at column 2 is special to a shell"));
}

TEST_CASE("what is never closed is named with its column") {
    CHECK(split_problem("a 'b") == "the quote ' at column 3 is never closed");
    CHECK(split_problem("a \"b") == "the quote \" at column 3 is never closed");
    CHECK(split_problem("a \"b\\") == "the quote \" at column 3 is never closed");
    CHECK(split_problem("a\\") == "the backslash at the end quotes nothing");
}

TEST_CASE("an assignment before the command isn't taken for the command") {
    CHECK(split_problem("KEY=value server") ==
          "'KEY=value' would set a variable in a shell, but no shell is run: write env KEY=value "
          "COMMAND");
    CHECK(split("env KEY=value server") == Words{"env", "KEY=value", "server"});
    CHECK(split("'KEY=value' x") == Words{"KEY=value", "x"});
    CHECK(split("1=2 =3") == Words{"1=2", "=3"});
}
