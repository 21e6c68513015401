// SPDX-License-Identifier: Apache-2.0
// LineFramer: which lines come out of which pieces, and how much memory it may take.
#include "line_framer.hpp"

#include <doctest/doctest.h>

#include <cstring>
#include <vector>

using shadowcat::transport_stdio::LineFramer;

namespace {

using Lines = std::vector<std::string>;

void take_all(LineFramer& framer, Lines& lines) {
    while (auto line = framer.next())
        lines.push_back(*std::move(line));
}

/// Feeds `text` in pieces of `step` bytes at most.
Lines feed(LineFramer& framer, std::string_view text, std::size_t step) {
    Lines lines;
    while (!text.empty()) {
        const auto space = framer.prepare();
        REQUIRE(!space.empty());
        const std::size_t count = std::min({space.size(), text.size(), step});
        std::memcpy(space.data(), text.data(), count);
        framer.commit(count);
        text.remove_prefix(count);
        take_all(framer, lines);
    }
    return lines;
}

class Row {
public:
    const char* name;
    std::string text;
    Lines lines;
    std::size_t oversized;
};

const std::string kExact(20, 'a');
const std::string kLong(21, 'b');

const std::vector<Row> kTable = {
    {"nothing", "", {}, 0},
    {"one line", "{}\n", {"{}"}, 0},
    {"two lines in one piece", "one\ntwo\n", {"one", "two"}, 0},
    {"a carriage return belongs to the end", "one\r\ntwo\r\n", {"one", "two"}, 0},
    {"only one carriage return does", "one\r\r\n", {"one\r"}, 0},
    {"a carriage return inside stays", "o\rne\n", {"o\rne"}, 0},
    {"blank lines are skipped", "\n\r\n  \t\none\n\n", {"one"}, 0},
    {"blanks around a message stay", "  {}  \n", {"  {}  "}, 0},
    {"UTF-8 is not looked into", "\xc3\xa9\xe2\x82\xac\n", {"\xc3\xa9\xe2\x82\xac"}, 0},
    {"NUL is a byte as any", std::string("a\0b\n", 4), {std::string("a\0b", 3)}, 0},
    {"exactly the limit", kExact + "\n", {kExact}, 0},
    {"exactly the limit, with a carriage return", kExact + "\r\n", {kExact}, 0},
    {"one byte more", kLong + "\nnext\n", {"next"}, 1},
    {"far more", std::string(1000, 'c') + "\nnext\n", {"next"}, 1},
    {"an incomplete line waits", "one\ntw", {"one"}, 0},
};

}  // namespace

TEST_CASE("lines come out whole, however the bytes come in") {
    for (const Row& row : kTable) {
        for (const std::size_t step : {std::size_t(1), std::size_t(3), std::size_t(100000)}) {
            CAPTURE(row.name);
            CAPTURE(step);
            LineFramer framer(20);
            CHECK(feed(framer, row.text, step) == row.lines);
            CHECK(framer.take_oversized() == row.oversized);
            CHECK(framer.take_oversized() == 0);
        }
    }
}

TEST_CASE("what is left at the end counts as a line") {
    LineFramer framer(20);
    Lines lines = feed(framer, "one\ntwo", 100);
    framer.end();
    take_all(framer, lines);
    CHECK(lines == Lines{"one", "two"});
}

TEST_CASE("an oversized line that never ends is counted once, and at once") {
    LineFramer framer(20);
    Lines lines = feed(framer, std::string(100, 'x'), 7);
    CHECK(framer.take_oversized() == 1);
    lines = feed(framer, std::string(100000, 'x'), 7);
    framer.end();
    take_all(framer, lines);
    CHECK(lines.empty());
    CHECK(framer.take_oversized() == 0);
}

TEST_CASE(
    "a message of many megabytes comes through whole, and the buffer is small again after it") {
    LineFramer framer(8 * 1024 * 1024);
    const std::string large(5 * 1024 * 1024 + 17, 'x');
    CHECK(framer.prepare().size() == LineFramer::kSmallBuffer);
    CHECK(feed(framer, large + "\nsmall\n", 1 << 20) == Lines{large, "small"});
    CHECK(framer.prepare().size() == LineFramer::kSmallBuffer);
}

TEST_CASE("a large message is read in larger pieces") {
    LineFramer framer(8 * 1024 * 1024);
    const std::string half(LineFramer::kSmallBuffer, 'x');
    feed(framer, half, half.size());
    CHECK(framer.prepare().size() == LineFramer::kLargeBuffer);
}

TEST_CASE("what is read after clear starts afresh") {
    LineFramer framer(20);
    feed(framer, "half a line", 100);
    framer.clear();
    CHECK(feed(framer, "one\n", 100) == Lines{"one"});
}

TEST_CASE("a framer that keeps all gives every line as it stands") {
    LineFramer framer(20, true);
    CHECK(feed(framer, "\r\none\r\n  \t\n\n" + kLong + "\nno end", 3) ==
          Lines{"\r", "one\r", "  \t", ""});
    CHECK(framer.take_oversized() == 1);
    framer.end();
    CHECK(framer.next() == "no end");
    CHECK_FALSE(framer.next().has_value());
}
