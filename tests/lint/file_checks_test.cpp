// SPDX-License-Identifier: Apache-2.0
// Size and licence: a tree that keeps the rule, and one that breaks it by the least step.
#include "file_checks.hpp"

#include "temporary_tree.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace shadowcat::lint;

namespace {

const std::string kHead = "// SPDX-License-Identifier: Apache-2.0\n";

std::string lines(int count) {
    std::string text;
    for (int i = 0; i < count; ++i)
        text += "x\n";
    return text;
}

Findings sizes_of(const TemporaryTree& tree) {
    return check_sizes(SourceTree(tree.root(), {"core"}));
}

Findings spdx_of(const TemporaryTree& tree) {
    return check_spdx(SourceTree(tree.root(), {"core", "scripts"}));
}

Findings spdx_with(const std::string& file, const std::string& text) {
    TemporaryTree tree;
    tree.write(file, text);
    return spdx_of(tree);
}

}  // namespace

TEST_CASE("a file may have 500 lines and not 501") {
    TemporaryTree tree;
    for (int i = 0; i < 20; ++i)
        tree.write("core/" + std::to_string(i) + ".cpp", lines(1));
    tree.write("core/long.cpp", lines(500));
    CHECK(sizes_of(tree).empty());
    tree.write("core/long.cpp", lines(500) + "no line end");
    const auto findings = sizes_of(tree);
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].file == "core/long.cpp");
    CHECK(findings[0].message == "501 lines, the limit is 500");
}

TEST_CASE("one file in ten may have more than 300 lines, and not two") {
    TemporaryTree tree;
    for (int i = 0; i < 8; ++i)
        tree.write("core/" + std::to_string(i) + ".cpp", lines(300));
    tree.write("core/a.cpp", lines(301)).write("core/b.cpp", lines(300));
    CHECK(sizes_of(tree).empty());
    tree.write("core/b.cpp", lines(301));
    const auto findings = sizes_of(tree);
    REQUIRE(findings.size() == 3);
    CHECK(findings[0].file == "core/a.cpp");
    CHECK(findings[1].file == "core/b.cpp");
    CHECK(findings[2].message ==
          "2 of 10 files exceed 300 lines; at most 10 % may: split the longest");
}

TEST_CASE("builds, packages and data do not count") {
    TemporaryTree tree;
    tree.write("core/build/x.cpp", lines(900)).write("core/node_modules/x.js", lines(900));
    tree.write("core/data.json", lines(900)).write("core/README.md", lines(900));
    CHECK(sizes_of(tree).empty());
    CHECK(spdx_of(tree).empty());
}

TEST_CASE("the licence line stands first, in the language's own comment") {
    CHECK(spdx_with("core/x.cpp", kHead + "int x;\n").empty());
    CHECK(spdx_with("core/x.mjs", kHead).empty());
    CHECK(spdx_with("core/x.py", "#" + kHead.substr(2)).empty());
    CHECK(spdx_with("scripts/run", "#!/bin/sh\n#" + kHead.substr(2)).empty());
    CHECK(spdx_with("core/README.md", "no source\n").empty());
}

TEST_CASE("a source without the licence line is found") {
    for (const auto* text : {"", "\n", "int x;\n", "// SPDX-License-Identifier: MIT\n",
                             "int x;\n// SPDX-License-Identifier: Apache-2.0\n"}) {
        CAPTURE(text);
        const auto findings = spdx_with("core/x.hpp", text);
        REQUIRE(findings.size() == 1);
        CHECK(findings[0].file == "core/x.hpp");
        CHECK(findings[0].message ==
              "the file must begin with: // SPDX-License-Identifier: Apache-2.0");
    }
    CHECK(spdx_with("scripts/run", "#!/bin/sh\necho\n").size() == 1);
    CHECK(spdx_with("scripts/run", "#!").size() == 1);
    CHECK(spdx_with("core/x.py", kHead).size() == 1);
}
