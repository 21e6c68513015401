// SPDX-License-Identifier: Apache-2.0
// What `plugins` may say.
#include "core/config/plugins_section.hpp"

#include "core/config/test_plugins.hpp"
#include "core/config/yaml_reader.hpp"

#include <doctest/doctest.h>
using namespace shadowcat::core;
using Lines = std::vector<std::string>;

namespace {

class Section {
public:
    explicit Section(const std::string& yaml) {
        plugins = read_plugins(read_yaml(yaml, "a.yaml", diagnostics), diagnostics);
    }

    Lines problems() const {
        Lines lines;
        for (const Diagnostic& diagnostic : diagnostics)
            lines.push_back(diagnostic.text());
        return lines;
    }

    Diagnostics diagnostics;
    PluginsConfig plugins;
};

}  // namespace

TEST_CASE("without the section the built-in set is loaded") {
    const Section section("");
    REQUIRE(section.plugins.load.size() == 10);
    CHECK(section.plugins.load[0].name == "transport-stdio");
    CHECK(Section("plugins: { search_path: [/opt] }\n").plugins.load.size() == 10);
    CHECK(Section("plugins: { load: [] }\n").plugins.load.empty());
}

TEST_CASE("plugins are named, or given by path, and may be pinned") {
    const std::string digest(64, 'a');
    const Section section(
        "plugins:\n  search_path: [/opt, here]\n  load:\n    - pool\n"
        "    - { path: /opt/x.so, sha256: " +
        digest +
        " }\n"
        "    - { name: metrics }\n");
    CHECK(section.problems().empty());
    REQUIRE(section.plugins.load.size() == 3);
    CHECK(section.plugins.load[0].name == "pool");
    CHECK(section.plugins.load[1].path == "/opt/x.so");
    CHECK(section.plugins.load[1].sha256 == digest);
    CHECK(section.plugins.load[2].name == "metrics");
    CHECK(section.plugins.search_path[1].is_absolute());
}

TEST_CASE("every mistake is reported") {
    CHECK(Section("plugins:\n  serch_path: []\n  load:\n    - { name: a, path: /b }\n    - {}\n"
                  "    - { name: a, sha256: xyz }\n    - 3\n    - { nam: a }\n")
              .problems() ==
          Lines{"a.yaml:2:3: plugins.serch_path: unknown key; did you mean 'search_path'?",
                "a.yaml:4:7: plugins.load[0]: give either name or path",
                "a.yaml:5:7: plugins.load[1]: give either name or path",
                "a.yaml:6:18: plugins.load[2].sha256: expected 64 hex digits",
                "a.yaml:7:7: plugins.load[3]: expected a mapping, found 3",
                "a.yaml:8:9: plugins.load[4].nam: unknown key; did you mean 'name'?",
                "a.yaml:8:7: plugins.load[4]: give either name or path"});
    CHECK(Section("plugins: { load: pool }\n").problems().size() == 1);
    CHECK(Section("plugins: 3\n").problems().size() == 1);
}
