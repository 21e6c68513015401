// SPDX-License-Identifier: Apache-2.0
// What becomes of ${…} in a configuration file.
#include "core/config/environment.hpp"

#include "core/config/yaml_reader.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::core;

namespace {

class Expansion {
public:
    explicit Expansion(const std::string& text) {
        config = read_yaml(text, "a.yaml", diagnostics);
        const Environment environment = {
            {"HOST", "localhost"}, {"EMPTY", ""}, {"CASH", "5$"}, {"CODE", "${HOST}"}};
        expand_variables(config, "s", environment, diagnostics);
    }

    LocatedJson config;
    Diagnostics diagnostics;
};

std::string expanded(const std::string& scalar) {
    const Expansion expansion("s: '" + scalar + "'\n");
    CHECK(expansion.diagnostics.empty());
    return expansion.config.value["s"];
}

std::string problem(const std::string& scalar) {
    const Expansion expansion("s: '" + scalar + "'\n");
    return expansion.diagnostics.empty() ? "" : expansion.diagnostics[0].text();
}

}  // namespace

TEST_CASE("variables are replaced anywhere in a string") {
    CHECK(expanded("${HOST}") == "localhost");
    CHECK(expanded("http://${HOST}:${PORT:-80}/") == "http://localhost:80/");
    CHECK(expanded("[${EMPTY}]") == "[]");
    CHECK(expanded("${EMPTY:-full}") == "full");
    CHECK(expanded("${NOTHING:-}") == "");
    CHECK(expanded("${NOTHING:-a:-b}") == "a:-b");
}

TEST_CASE("what isn't a variable stays as it is") {
    CHECK(expanded("$HOST costs $5 {x}") == "$HOST costs $5 {x}");
    CHECK(expanded("$${HOST}") == "${HOST}");
    CHECK(expanded("${CASH}${HOST}") == "5$localhost");
    CHECK(expanded("${CODE}") == "${HOST}");
}

TEST_CASE("values are expanded at every depth of their section, and only there") {
    const Expansion expansion("s: {a: [x, {b: '${HOST}'}]}\nt: '${HOST}'\n");
    CHECK(expansion.config.value["s"]["a"][1]["b"] == "localhost");
    CHECK(expansion.config.value["t"] == "${HOST}");
}

TEST_CASE("what can't be expanded is reported with its place") {
    CHECK(problem("${NOTHING}") ==
          "a.yaml:1:1: s: the environment variable NOTHING is not set; set it, or give a default: "
          "${NOTHING:-default}");
    CHECK(problem("${HOST") ==
          "a.yaml:1:1: s: '${' without a closing '}'; write '$${' for a literal '${'");
    for (const char* text : {"${}", "${1A}", "${A B}", "${A-b}", "${A:-${B}}", "${A:+b}"}) {
        CAPTURE(text);
        CHECK(problem(text).find("is neither ${NAME} nor ${NAME:-default}") != std::string::npos);
    }
}

TEST_CASE("every problem is reported, not only the first") {
    CHECK(Expansion("s: ['${A}', '${B}']\n").diagnostics.size() == 2);
}
