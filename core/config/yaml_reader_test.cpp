// SPDX-License-Identifier: Apache-2.0
// Values, places and limits of YAML files.
#include "core/config/yaml_reader.hpp"

#include "core/config/test_plugins.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::core;

namespace {

std::vector<std::string> problems(const std::string& text,
                                  const YamlLimits& limits = YamlLimits()) {
    Diagnostics diagnostics;
    read_yaml(text, "a.yaml", diagnostics, limits);
    std::vector<std::string> lines;
    for (const Diagnostic& diagnostic : diagnostics)
        lines.push_back(diagnostic.text());
    return lines;
}

LocatedJson read(const std::string& text) {
    Diagnostics diagnostics;
    LocatedJson config = read_yaml(text, "a.yaml", diagnostics);
    CHECK(diagnostics.empty());
    return config;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("values keep their places") {
    const LocatedJson config = read("a:\n  b: 1\n  c: [x, 'y', \"2\"]\nd: {e: true}\n");
    CHECK(config.value == Json::parse(R"({"a":{"b":1,"c":["x","y","2"]},"d":{"e":true}})"));
    CHECK(config.origin("a.b").text() == "a.yaml:2:3");
    CHECK(config.origin("a.c[1]").text() == "a.yaml:3:10");
    CHECK(config.origin("d.e").text() == "a.yaml:4:5");
}

TEST_CASE("a key that isn't there is placed at the mapping it belongs into") {
    const LocatedJson config = read("a:\n  b:\n    - x: 1\n");
    CHECK(config.origin("a.missing").text() == "a.yaml:1:1");
    CHECK(config.origin("a.b[0].missing.deeper").text() == "a.yaml:3:7");
    CHECK(config.origin("elsewhere").text() == "a.yaml:1:1");
}

TEST_CASE("quoted scalars are text, tags are obeyed") {
    CHECK(read("a: '1'\nb: \"true\"\nc: !!str 7\nd: |\n  8\ne: !!int 9\n").value ==
          Json::parse(R"({"a":"1","b":"true","c":"7","d":"8\n","e":9})"));
    CHECK(problems("a: !secret x\n") == Lines{"a.yaml:1:4: a: the tag '!secret' isn't supported"});
}

TEST_CASE("an empty file is an empty configuration") {
    for (const char* text : {"", "\n", "# only a comment\n", "---\n", "~\n"}) {
        CAPTURE(text);
        CHECK(read(text).value == Json::object());
    }
}

TEST_CASE("syntax errors have line and column") {
    CHECK(problems("a:\n  b: [1, 2\nc: 3\n") ==
          Lines{"a.yaml:3:2: not valid YAML: end of sequence flow not found"});
    CHECK(problems("a:\n  b: \"x\nc: 1\n") == Lines{"a.yaml:2:6: a.b: the quote is never closed"});
    CHECK(problems("a: [1, 'x]\n").size() == 1);
    CHECK(problems("\tkey: 1\n").size() == 1);
    CHECK(problems("a: *nowhere\n") ==
          Lines{"a.yaml:1:4: not valid YAML: the referenced anchor is not defined"});
}

TEST_CASE("duplicate keys are all reported") {
    CHECK(problems("a: 1\nb: {c: 1, c: 2}\na: 3\n") ==
          Lines{"a.yaml:2:11: b.c: duplicate key; it is first given in line 2",
                "a.yaml:3:1: a: duplicate key; it is first given in line 1"});
}

TEST_CASE("only a mapping can be a configuration") {
    const std::string message = ": expected a mapping of sections such as reverse_proxy";
    CHECK(problems("- a\n") == Lines{"a.yaml:1:1" + message});
    CHECK(problems("just text\n") == Lines{"a.yaml:1:1" + message});
    CHECK(problems("a: 1\n---\nb: 2\n") ==
          Lines{"a.yaml:3:1: a second YAML document begins here; only one is allowed"});
    CHECK(problems("? [a, b]\n: 1\n") == Lines{"a.yaml:1:3: a key must be text"});
}

TEST_CASE("anchors are copied, merge keys are refused") {
    CHECK(read("a: &x {k: 1}\nb: *x\n").value == Json::parse(R"({"a":{"k":1},"b":{"k":1}})"));
    CHECK(problems("a: &x {k: 1}\nb:\n  <<: *x\n") ==
          Lines{"a.yaml:3:3: b.<<: merge keys aren't supported: write the keys out"});
}

TEST_CASE("aliases can't explode") {
    std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
    for (int i = 1; i < 12; ++i) {
        const std::string below = "*a" + std::to_string(i - 1);
        bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + below;
        for (int j = 1; j < 10; ++j)
            bomb += ", " + below;
        bomb += "]\n";
    }
    const Lines lines = problems(bomb);
    REQUIRE(lines.size() == 1);
    CHECK(lines[0].ends_with("too many values (aliases written out); the limit is 100000"));
}

TEST_CASE("nesting is bounded, also where an alias leads in a circle") {
    const Lines circle = problems("a: &a [*a]\n");
    REQUIRE(circle.size() == 1);
    CHECK(circle[0].ends_with("nested too deeply; the limit is 64"));
    CHECK(problems("a: " + std::string(70, '[') + std::string(70, ']') + "\n").size() == 1);
    CHECK(problems("a: " + std::string(20'000, '[') + "\n").size() == 1);
    CHECK(problems("a: " + std::string(60, '[') + std::string(60, ']') + "\n").empty());
}

TEST_CASE("size is bounded") {
    YamlLimits limits;
    limits.max_bytes = 10;
    CHECK(problems("a: 12345678\n", limits) ==
          Lines{"a.yaml: is larger than a configuration may be; the limit is 10 bytes"});
}

TEST_CASE("bytes that are no UTF-8 and control characters do no harm") {
    for (const char* text : {"a: \xff\xfe\n", "\xff\xfe\x00", "a: \x01\n",
                             "\xef\xbb\xbf"
                             "a: 1\n"}) {
        CHECK(problems(text).size() <= 1);
    }
}

TEST_CASE("what a file says can't forge lines or reach the terminal") {
    CHECK(problems("a: {\"x\\n\\e[2J\": 1, \"x\\n\\e[2J\": 2}\n") ==
          Lines{"a.yaml:1:20: a.x\\n\\x1b[2J: duplicate key; it is first given in line 1"});
    CHECK(problems("a: \"\\\x01\"\n").size() == 1);
}

TEST_CASE("a file that can't be read is named with the reason") {
    Diagnostics diagnostics;
    read_yaml_file("/nowhere/a.yaml", diagnostics);
    read_yaml_file("/tmp", diagnostics);
    REQUIRE(diagnostics.size() == 2);
    CHECK(diagnostics[0].text() == "/nowhere/a.yaml: can't be read: No such file or directory");
    CHECK(diagnostics[1].text() == "/tmp: can't be read: Is a directory");
}
