// SPDX-License-Identifier: Apache-2.0
// differences: what a regression in a server's answers looks like.
#include "format/json_difference.hpp"

#include <doctest/doctest.h>

using namespace shadowcat;
using sdk::Json;
using tape::Difference;
using tape::Ignored;

namespace {

std::vector<std::string> described(const char* expected, const char* actual,
                                   const Ignored& ignored = Ignored()) {
    std::vector<std::string> out;
    for (const Difference& d :
         tape::differences(Json::parse(expected), Json::parse(actual), ignored))
        out.push_back(describe(d));
    return out;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("the same values have no difference, whatever the order of their members") {
    CHECK(described(R"({"a":1,"b":[true,null,"x"]})", R"({"b":[true,null,"x"],"a":1.0})").empty());
}

TEST_CASE("a value, a type, a missing and an added member") {
    CHECK(described(R"({"a":1,"b":"5","c":{"d":2}})", R"({"a":2,"b":5,"c":{"e":[3]}})") ==
          Lines{"/a: 1 → 2", "/b: string \"5\" → number 5", "/c/d: missing (was 2)",
                "/c/e: added [3]"});
}

TEST_CASE("kinds are told apart") {
    const auto found =
        tape::differences(Json::parse(R"({"a":1,"b":1,"c":1,"e":[1,2]})"),
                          Json::parse(R"({"a":2,"b":"1","d":1,"e":[2,1]})"), Ignored());
    REQUIRE(found.size() == 5);
    CHECK(name(found[0].kind) == "value");
    CHECK(name(found[1].kind) == "type");
    CHECK(name(found[2].kind) == "missing");
    CHECK(name(found[3].kind) == "order");
    CHECK(name(found[4].kind) == "added");
    CHECK(found[4].pointer == "/d");
    CHECK(found[4].actual == "1");
    CHECK(found[4].expected.empty());
}

TEST_CASE("a whole value may differ; keys are escaped") {
    CHECK(described("1", "[1]") == Lines{"the whole value: number 1 → array [1]"});
    CHECK(described(R"({"a/b":{"c~d":1}})", R"({"a/b":{"c~d":2}})") == Lines{"/a~1b/c~0d: 1 → 2"});
}

TEST_CASE("tools are paired by their names: one that is new is one difference") {
    const char* before = R"({"tools":[{"name":"add","title":"x"},{"name":"echo"}]})";
    const char* after = R"({"tools":[{"name":"abs"},{"name":"add","title":"y"},{"name":"echo"}]})";
    CHECK(described(before, after) ==
          Lines{"/tools/0/title: \"x\" → \"y\"", "/tools/0: added {\"name\":\"abs\"}"});
    CHECK(described(R"([{"name":"a"},{"name":"b"}])", R"([{"name":"b"},{"name":"a"}])") ==
          Lines{"the whole value: order [\"a\",\"b\"] → [\"b\",\"a\"]"});
}

TEST_CASE("elements without names are paired from both ends") {
    CHECK(described("[1,2,3,4]", "[1,3,4]") == Lines{"/1: missing (was 2)"});
    CHECK(described("[1,3,4]", "[1,2,3,4]") == Lines{"/1: added 2"});
    CHECK(described("[1,2,3]", "[1,9,3]") == Lines{"/1: 2 → 9"});
    CHECK(described("[]", "[1]") == Lines{"/0: added 1"});
    CHECK(described("[1,1]", "[1,1,1]") == Lines{"/2: added 1"});
    CHECK(described(R"([{"name":"a"},{"name":"a"}])", R"([{"name":"a"},{"name":"b"}])") ==
          Lines{"/1/name: \"a\" → \"b\""});
}

TEST_CASE("times and UUIDs are no difference unless they are asked for") {
    const char* before =
        R"({"t":"at 2026-01-02T03:04:05.678Z by 123e4567-e89b-12d3-a456-426614174000",
            "created_at":1700000000,"n":1700000000})";
    const char* after =
        R"({"t":"at 2027-11-12T13:14:15+01:00 by 00000000-e89b-12d3-a456-426614174111",
            "created_at":1800000000.5,"n":1700000000})";
    CHECK(described(before, after).empty());
    Ignored exact;
    exact.times = false;
    CHECK(described(before, after, exact).size() == 2);
    CHECK(described(R"({"n":1700000000})", R"({"n":1800000000})").size() == 1);
    CHECK(described(R"("2026-01-02T03:04:05Z a")", R"("2026-01-02T03:04:06Z b")").size() == 1);
    CHECK(described(R"("2026-01-02")", R"("2026-01-03")").size() == 1);
}

TEST_CASE("pointers that are ignored, with wildcards") {
    const char* before = R"({"a":{"b":[{"c":1,"d":1},{"c":2,"d":2}]}})";
    const char* after = R"({"a":{"b":[{"c":3,"d":3},{"c":4,"d":2}]}})";
    CHECK(described(before, after, Ignored({"/a/b/*/c"})) == Lines{"/a/b/0/d: 1 → 3"});
    CHECK(described(before, after, Ignored({"/a"})).empty());
    CHECK(described(before, after, Ignored({"/**/c", "/a/b/0/d"})).empty());
    CHECK(described(before, after, Ignored({"/a/*/c"})).size() == 3);
    CHECK(described(R"({"x/y":1})", R"({"x/y":2})", Ignored({"/x~1y"})).empty());
    CHECK(described(R"({"c":1})", R"({"c":2})", Ignored({"/**/c"})).empty());
}

TEST_CASE("what is no pointer is refused in one sentence") {
    CHECK(Ignored::parse({"/a", "result"}).error().message() ==
          "'result' is no JSON pointer: it must begin with /");
    CHECK(Ignored::parse({""}).has_error());
    CHECK(Ignored::parse({"/a~2"}).error().message() ==
          "'/a~2' is no JSON pointer: ~ must be followed by 0 or 1");
    std::string deep;
    for (int i = 0; i < 64; ++i)
        deep += "/**";
    CHECK(Ignored::parse({deep}).has_error());
}

TEST_CASE("the number of differences is bounded") {
    Json before = Json::array();
    Json after = Json::array();
    for (int i = 0; i < 1000; ++i) {
        before.push_back(i);
        after.push_back(i + 1000);
    }
    CHECK(tape::differences(before, after, Ignored()).size() == tape::kMaxDifferences);
    CHECK(tape::differences(before, after, Ignored(), 3).size() == 3);
}

TEST_CASE("a long string is shown where it differs") {
    const std::string common(1000, 'x');
    const auto found = tape::differences(Json(common + "before" + common),
                                         Json(common + "after" + common), Ignored());
    REQUIRE(found.size() == 1);
    CHECK(found[0].expected.find("before") != std::string::npos);
    CHECK(found[0].actual.find("after") != std::string::npos);
    CHECK(found[0].expected.size() < 300);
}

TEST_CASE("what a server chose is described safely") {
    const auto lines = described(R"({"\u001b[2J":1})", R"({"\u001b[2J":"\u202e\u009b"})");
    REQUIRE(lines.size() == 1);
    CHECK(lines[0] == "/\\u001b[2J: number 1 → string \"\\u202e\\u009b\"");
}

TEST_CASE("a value that is nested too deeply, or none, isn't parsed") {
    CHECK(tape::parse_for_display("{\"a\":[1]}").has_value());
    CHECK_FALSE(tape::parse_for_display("{").has_value());
    CHECK_FALSE(tape::parse_for_display(std::string(100000, '[')).has_value());
    const std::string quoted = "\"" + std::string(10000, '[') + "\\\"[\"";
    CHECK(tape::parse_for_display(quoted).has_value());
}
