// SPDX-License-Identifier: Apache-2.0
// Line: what strangers' texts become.
#include "line.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <string>

using shadowcat::access_log::Line;

namespace {

std::string quote(std::string_view text, std::size_t max_bytes = 1000) {
    Line line;
    line.quoted(text, max_bytes);
    return std::string(line.view());
}

}  // namespace

TEST_CASE("plain and foreign text is left as it is") {
    CHECK(quote("") == R"("")");
    CHECK(quote("tools/call") == R"("tools/call")");
    CHECK(quote("grün 漢字 🐈") == R"("grün 漢字 🐈")");
}

TEST_CASE("quotes, control characters and their eight bit kin are escaped") {
    CHECK(quote("a\"b\\c") == R"("a\"b\\c")");
    CHECK(quote("a\nb\x1b[2J\x7f") == R"("a\u000ab\u001b[2J\u007f")");
    CHECK(quote("\xc2\x9b"
                "2J") == R"("\u009b2J")");
}

TEST_CASE("what is no UTF-8 is replaced, byte by byte") {
    for (const char* text : {"\x80", "\xff", "\xc3", "\xc0\xaf", "\xe0\x80\x80", "\xed\xa0\x80",
                             "\xf4\x90\x80\x80", "\xf0\x9f\x90"}) {
        const std::string line = quote(std::string("a") + text + "z");
        CHECK(line.starts_with(R"("a\ufffd)"));
        CHECK(line.ends_with("z\""));
        CHECK_FALSE(nlohmann::json::parse(line, nullptr, false).is_discarded());
    }
}

TEST_CASE("what is too long is cut between characters and marked") {
    CHECK(quote("abcdef", 6) == R"("abcdef")");
    CHECK(quote("abcdef", 3) == R"("abc…")");
    CHECK(quote("aä", 2) == R"("a…")");
}

TEST_CASE("numbers") {
    Line line;
    line.number(-32601);
    line.raw(" ");
    line.padded(7, 3);
    CHECK(line.view() == "-32601 007");
}

TEST_CASE("what doesn't fit is left out, never written beyond the end") {
    Line line;
    for (int i = 0; i < 100; ++i)
        line.quoted(std::string(1000, '\n'), 1000);
    CHECK(line.view().size() <= Line::kCapacity);
}
