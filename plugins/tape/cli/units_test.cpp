// SPDX-License-Identifier: Apache-2.0
// Sizes, durations, moments, positions, columns and indented JSON.
#include "cli/units.hpp"

#include "cli/pairing.hpp"
#include "cli/position.hpp"
#include "cli/pretty_json.hpp"
#include "cli/progress.hpp"
#include "cli/table.hpp"

#include <doctest/doctest.h>

#include <sstream>

using namespace shadowcat;
using namespace shadowcat::tape;

TEST_CASE("sizes and durations") {
    CHECK(human_bytes(0) == "0 B");
    CHECK(human_bytes(1023) == "1023 B");
    CHECK(human_bytes(4300) == "4.2 KiB");
    CHECK(human_bytes(5ull << 30) == "5.0 GiB");
    CHECK(human_duration(0.04) == "0.0 ms");
    CHECK(human_duration(12.34) == "12.3 ms");
    CHECK(human_duration(1240) == "1.24 s");
    CHECK(human_duration(125'000) == "2 min 5 s");
    CHECK(human_duration(12'000'000) == "3 h 20 min");
    CHECK(human_offset(12'345.6) == "12.346");
}

TEST_CASE("moments") {
    CHECK(moment_at("2026-12-31T23:59:59.900Z", 200) == "2027-01-01T00:00:00.100Z");
    CHECK(moment_at("yesterday", 200) == "yesterday");
    CHECK_FALSE(parse_utc("2026-13-01T00:00:00Z").has_value());
    CHECK_FALSE(parse_utc("2026-12-01T00:00:00").has_value());
}

TEST_CASE("places on a tape") {
    CHECK(Position::parse("120")->seq() == 120);
    CHECK_FALSE(Position::parse("120")->is_time());
    CHECK(Position::parse("1500ms")->ts_ms() == 1500);
    CHECK(Position::parse("2.5s")->ts_ms() == 2500);
    CHECK(Position::parse("3min")->ts_ms() == 180'000);
    CHECK(Position::parse("1h")->ts_ms() == 3'600'000);
    for (const char* wrong : {"", "-1", "x", "5 s", "5y", "1e3s", "-2s"})
        CHECK(Position::parse(wrong).has_error());
}

TEST_CASE("columns are as wide as they look") {
    CHECK(columns_of("abc") == 3);
    CHECK(columns_of("grün") == 4);
    CHECK(columns_of("猫") == 2);
    CHECK(padded("猫", 4) == "猫  ");
    CHECK(padded("7", 3, true) == "  7");
    Table table({"A", ">N"});
    table.add({"猫", "10"});
    table.add({"x", "5"});
    std::ostringstream out;
    table.print(out, Style());
    CHECK(out.str() == "A    N\n猫  10\nx    5\n");
}

TEST_CASE("colours only where they are wanted") {
    CHECK(Style().paint(Colour::red, "x") == "x");
    CHECK(Style(true, 80).paint(Colour::red, "x") == "\x1b[31mx\x1b[0m");
    CHECK(Style(true, 80).paint(Colour::plain, "x") == "x");
}

TEST_CASE("JSON is indented token by token") {
    CHECK(pretty_json(R"({"a":[1.50,{}, [ ] ],"b":"x: {\"y\", "})") ==
          "{\n  \"a\": [\n    1.50,\n    {},\n    []\n  ],\n  \"b\": \"x: {\\\"y\\\", \"\n}");
    CHECK(pretty_json("7", "> ") == "> 7");
    CHECK(pretty_json("[\"unfinished") == "[\n  \"unfinished");
    CHECK(pretty_json("]]") == "\n]\n]");
    CHECK(pretty_json("\"\\") == "\"\\");
}

TEST_CASE("a bar") {
    CHECK(progress_bar("reading", 0, 0) == "reading [------------------------------] 0%");
    CHECK(progress_bar("reading", 1, 2) == "reading [###############---------------] 50%");
    CHECK(progress_bar("reading", 9, 3) == "reading [##############################] 100%");
}

TEST_CASE("pairing remembers a bounded number of requests") {
    Pairing pairing;
    TapeLine line;
    line.message_kind = sdk::MessageKind::request;
    for (std::uint64_t i = 0; i < Pairing::kMaxPending + 10; ++i) {
        line.seq = i;
        line.id = std::to_string(i);
        pairing.follow(line);
    }
    CHECK(pairing.pending() == Pairing::kMaxPending);
    CHECK(pairing.forgotten() == 10);
    line.direction = sdk::Direction::server_to_client;
    line.message_kind = sdk::MessageKind::result;
    line.id = "9";
    CHECK(pairing.follow(line).unexpected);
    line.id = "10";
    CHECK(pairing.follow(line).answered->seq == 10);
}

TEST_CASE("an id may come again once it is answered, any number of times") {
    Pairing pairing;
    TapeLine line;
    line.id = "1";
    for (std::uint64_t i = 0; i < 3 * Pairing::kMaxPending; ++i) {
        line.seq = i;
        line.message_kind = sdk::MessageKind::request;
        line.direction = sdk::Direction::client_to_server;
        REQUIRE_FALSE(pairing.follow(line).reused);
        line.message_kind = sdk::MessageKind::result;
        line.direction = sdk::Direction::server_to_client;
        REQUIRE(pairing.follow(line).answered->seq == i);
    }
    CHECK(pairing.pending() == 0);
}
