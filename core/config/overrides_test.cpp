// SPDX-License-Identifier: Apache-2.0
// Which variables override which keys.
#include "core/config/overrides.hpp"

#include "core/config/yaml_reader.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::core;

namespace {

sdk::Schema override_schema() {
    sdk::Schema upstream;
    upstream.add(sdk::string("name", ""));
    upstream.add(sdk::string_list("command", ""));
    upstream.add(sdk::string_map("env", ""));
    sdk::Schema proxy;
    proxy.add(sdk::string("bind_address", ""));
    proxy.add(sdk::object_list("upstreams", "", upstream));
    sdk::Schema root;
    root.add(sdk::object("reverse_proxy", "", proxy));
    root.add(sdk::integer("workers", ""));
    return root;
}

class Overriding {
public:
    Overriding(const std::string& yaml, const Environment& environment) {
        config = read_yaml(yaml, "a.yaml", diagnostics);
        for (const Override& override :
             environment_overrides(environment, override_schema(), diagnostics)) {
            apply_override(override, override_schema(), config, diagnostics);
        }
    }

    Json value() const {
        for (const Diagnostic& diagnostic : diagnostics)
            FAIL_CHECK(diagnostic.text());
        return config.value;
    }
    std::string problem() const { return diagnostics.empty() ? "" : diagnostics[0].text(); }

    LocatedJson config;
    Diagnostics diagnostics;
};

}  // namespace

TEST_CASE("a variable replaces the file's value and is its place from then on") {
    const Overriding result("reverse_proxy:\n  bind_address: a\n",
                            {{"SHADOWCAT_REVERSE_PROXY__BIND_ADDRESS", "b"}});
    CHECK(result.value() == Json::parse(R"({"reverse_proxy":{"bind_address":"b"}})"));
    CHECK(result.config.origin("reverse_proxy.bind_address").text() ==
          "env SHADOWCAT_REVERSE_PROXY__BIND_ADDRESS");
}

TEST_CASE("what the file doesn't have is created") {
    CHECK(Overriding("", {{"SHADOWCAT_WORKERS", "2"},
                          {"SHADOWCAT_REVERSE_PROXY__UPSTREAMS__0__NAME", "a"},
                          {"SHADOWCAT_REVERSE_PROXY__UPSTREAMS__0__COMMAND__0", "x"},
                          {"SHADOWCAT_REVERSE_PROXY__UPSTREAMS__0__COMMAND__1", "y"}})
              .value() == Json::parse(R"({"workers":"2",
                          "reverse_proxy":{"upstreams":[{"name":"a","command":["x","y"]}]}})"));
}

TEST_CASE("lists grow in the order of their indexes, ten after nine") {
    Environment environment;
    for (int i = 0; i < 12; ++i) {
        environment["SHADOWCAT_REVERSE_PROXY__UPSTREAMS__0__COMMAND__" + std::to_string(i)] =
            std::to_string(i);
    }
    const Json value = Overriding("", environment).value();
    CHECK(value["reverse_proxy"]["upstreams"][0]["command"][11] == "11");
}

TEST_CASE("keys match in any case; those of a free mapping keep theirs") {
    const Json value = Overriding("reverse_proxy:\n  upstreams:\n    - env: {Token: a}\n",
                                  {{"SHADOWCAT_reverse_PROXY__Upstreams__0__ENV__TOKEN", "b"},
                                   {"SHADOWCAT_REVERSE_PROXY__UPSTREAMS__0__ENV__API_KEY", "c"}})
                           .value();
    CHECK(value["reverse_proxy"]["upstreams"][0]["env"] ==
          Json({{"Token", "b"}, {"API_KEY", "c"}}));
}

TEST_CASE("variables of ours that are no overrides are left alone") {
    CHECK(Overriding("", {{"SHADOWCAT_PLUGIN_PATH", "/x"},
                          {"SHADOWCAT_BIN", "/x"},
                          {"SHADOWCAT_BIND", "x"},
                          {"SHADOWCAT_DEMO_SERVER", "x"},
                          {"PATH", "/bin"}})
              .value() == Json::object());
}

TEST_CASE("mistakes name the variable") {
    CHECK(Overriding("", {{"SHADOWCAT_REVERSEPROXY__BIND_ADDRESS", "x"}}).problem() ==
          "env SHADOWCAT_REVERSEPROXY__BIND_ADDRESS: overrides no section of the configuration; "
          "sections: reverse_proxy, workers");
    CHECK(Overriding("", {{"SHADOWCAT_REVERSE_PROXY____X", "x"}}).problem() ==
          "env SHADOWCAT_REVERSE_PROXY____X: has an empty key; keys are joined by exactly two "
          "underscores");
    CHECK(Overriding("", {{"SHADOWCAT_REVERSE_PROXY__UPSTREAMS__1__NAME", "x"}}).problem() ==
          "env SHADOWCAT_REVERSE_PROXY__UPSTREAMS__1__NAME: reverse_proxy.upstreams has 0 entries: "
          "the next index is 0, not 1");
    CHECK(Overriding("", {{"SHADOWCAT_REVERSE_PROXY__UPSTREAMS__FIRST__NAME", "x"}}).problem() ==
          "env SHADOWCAT_REVERSE_PROXY__UPSTREAMS__FIRST__NAME: reverse_proxy.upstreams is a list: "
          "expected an index, found 'FIRST'");
    CHECK(Overriding("workers: 3\n", {{"SHADOWCAT_WORKERS__X", "x"}}).problem() ==
          "env SHADOWCAT_WORKERS__X: workers is not a mapping: it can't have a key 'X'");
}
