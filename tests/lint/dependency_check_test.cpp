// SPDX-License-Identifier: Apache-2.0
// Small projects that keep the dependency rule, and some that break it in every direction.
#include "dependency_check.hpp"

#include "cmake_commands.hpp"
#include "parts.hpp"
#include "temporary_tree.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace shadowcat::lint;

namespace {

/// Every part of the project with one header, and CMakeLists that define their targets.
void furnish(TemporaryTree& tree) {
    tree.write("sdk/include/shadowcat/sdk/link.hpp", "")
        .write("sdk/src/call_table.hpp", "")
        .write("core/upstream/pool_driver.hpp", "")
        .write("plugins/alpha/framer.hpp", "")
        .write("plugins/beta/ticker.hpp", "")
        .write("tests/support/fake_clock.hpp", "")
        .write("sdk/CMakeLists.txt", "add_library(shadowcat-sdk SHARED src/a.cpp)")
        .write("core/CMakeLists.txt", "add_library(shadowcat-core SHARED a.cpp)")
        .write("plugins/alpha/CMakeLists.txt", "shadowcat_builtin_plugin(alpha SOURCES a.cpp)")
        .write("plugins/beta/CMakeLists.txt", "shadowcat_builtin_plugin(beta SOURCES b.cpp)");
}

/// "file:line: message", one a line.
std::string findings_with(const std::string& file, const std::string& text) {
    TemporaryTree tree;
    furnish(tree);
    tree.write(file, text);
    std::string result;
    for (const auto& finding : check_dependencies(
             SourceTree(tree.root(), {"core", "sdk", "plugins", "examples", "tests"}))) {
        result += finding.file + ":" + std::to_string(finding.line) + ": " + finding.message + "\n";
    }
    return result;
}

std::string including(const std::string& file, const std::string& path) {
    return findings_with(file, "// head\n#include \"" + path + "\"\n#include <vector>\n");
}

}  // namespace

TEST_CASE("everybody may include the SDK, their own folder and what is not ours") {
    for (const auto* file : {"plugins/alpha/x.cpp", "core/proxy/x.cpp", "sdk/src/x.cpp",
                             "examples/demo/x.cpp", "tests/integration/x.cpp"}) {
        CAPTURE(file);
        CHECK(including(file, "shadowcat/sdk/link.hpp") == "");
        CHECK(including(file, "boost/asio.hpp") == "");
    }
    CHECK(including("plugins/alpha/deep/x.cpp", "../framer.hpp") == "");
    CHECK(including("plugins/alpha/deep/x.cpp", "framer.hpp") == "");
    CHECK(including("core/proxy/x.cpp", "core/upstream/pool_driver.hpp") == "");
    CHECK(including("core/proxy/x.cpp", "upstream/pool_driver.hpp") == "");
    CHECK(including("sdk/src/deep/x.cpp", "../call_table.hpp") == "");
}

TEST_CASE("a plugin may not include the core, another plugin or the SDK's inside") {
    CHECK(including("plugins/alpha/x.cpp", "core/upstream/pool_driver.hpp") ==
          "plugins/alpha/x.cpp:2: plugins/alpha may not include core/upstream/pool_driver.hpp\n");
    CHECK(including("plugins/alpha/x.cpp", "../beta/ticker.hpp") ==
          "plugins/alpha/x.cpp:2: plugins/alpha may not include plugins/beta/ticker.hpp\n");
    CHECK(including("plugins/alpha/x.cpp", "ticker.hpp") ==
          "plugins/alpha/x.cpp:2: plugins/alpha may not include plugins/beta/ticker.hpp\n");
    CHECK(including("plugins/alpha/x.cpp", "../../sdk/src/call_table.hpp") ==
          "plugins/alpha/x.cpp:2: plugins/alpha may not include sdk/src/call_table.hpp\n");
    CHECK(findings_with("plugins/alpha/x.cpp", "#include <core/upstream/pool_driver.hpp>\n") ==
          "plugins/alpha/x.cpp:1: plugins/alpha may not include core/upstream/pool_driver.hpp\n");
}

TEST_CASE("the core includes no plugin; the SDK neither core nor plugin; an example neither") {
    CHECK(including("core/x.cpp", "plugins/alpha/framer.hpp") ==
          "core/x.cpp:2: core may not include plugins/alpha/framer.hpp\n");
    CHECK(including("sdk/src/x.cpp", "plugins/alpha/framer.hpp") ==
          "sdk/src/x.cpp:2: sdk may not include plugins/alpha/framer.hpp\n");
    CHECK(including("sdk/src/x.cpp", "core/upstream/pool_driver.hpp") ==
          "sdk/src/x.cpp:2: sdk may not include core/upstream/pool_driver.hpp\n");
    CHECK(including("examples/demo/x.cpp", "core/upstream/pool_driver.hpp") ==
          "examples/demo/x.cpp:2: examples/demo may not include core/upstream/pool_driver.hpp\n");
}

TEST_CASE(
    "only the contract-test runner of the SDK knows the core, and the template is a stranger") {
    const std::string header = "core/upstream/pool_driver.hpp";
    CHECK(including("sdk/conformance/x.cpp", header) == "");
    CHECK(including("sdk/conformance/x.cpp", "plugins/alpha/framer.hpp") != "");
    CHECK(including("sdk/template/x.cpp", header) != "");
    CHECK(including("sdk/template/x.cpp", "../src/call_table.hpp") != "");
}

TEST_CASE("test support is for unit tests, and tests may include everything") {
    CHECK(including("plugins/alpha/x_test.cpp", "fake_clock.hpp") == "");
    CHECK(including("plugins/alpha/x.cpp", "fake_clock.hpp") ==
          "plugins/alpha/x.cpp:2: plugins/alpha may not include tests/support/fake_clock.hpp\n");
    CHECK(including("tests/integration/x.cpp", "plugins/alpha/framer.hpp") == "");
}

TEST_CASE("an include in a comment or a string is none") {
    CHECK(findings_with("plugins/alpha/x.cpp",
                        "// #include \"core/upstream/pool_driver.hpp\"\n"
                        "/*\n#include \"core/upstream/pool_driver.hpp\"\n*/\n"
                        "auto s = R\"(\n#include \"core/upstream/pool_driver.hpp\"\n)\";\n") == "");
}

TEST_CASE("a target links only what its part may know") {
    const auto linking = [](const std::string& folder, const std::string& library) {
        return findings_with(
            folder + "/extra/CMakeLists.txt",
            "# shadowcat-core\ntarget_link_libraries(x PRIVATE\n  " + library + ")\n");
    };
    CHECK(linking("plugins/alpha", "shadowcat-sdk") == "");
    CHECK(linking("plugins/alpha", "alpha-objects") == "");
    CHECK(linking("plugins/alpha", "OpenSSL::SSL") == "");
    CHECK(linking("tests", "alpha-objects") == "");
    CHECK(linking("sdk/conformance", "shadowcat-core") == "");
    CHECK(linking("plugins/alpha", "shadowcat-core") ==
          "plugins/alpha/extra/CMakeLists.txt:3: plugins/alpha may not use shadowcat-core, which "
          "belongs to core\n");
    CHECK(linking("plugins/alpha", "\"beta-objects\"") ==
          "plugins/alpha/extra/CMakeLists.txt:3: plugins/alpha may not use beta-objects, which "
          "belongs to plugins/beta\n");
    CHECK(linking("core", "alpha") != "");
    CHECK(linking("sdk", "shadowcat-core") != "");
}

TEST_CASE("a target compiles and searches only its own folders") {
    const auto with = [](const std::string& command) {
        return findings_with("plugins/alpha/CMakeLists.txt", command);
    };
    CHECK(with("add_library(a ../alpha/x.cpp ${CMAKE_CURRENT_SOURCE_DIR}/y.cpp)") == "");
    CHECK(with("add_executable(a ${PROJECT_SOURCE_DIR}/tests/support/doctest_main.cpp)") == "");
    CHECK(with("add_library(a ../beta/x.cpp)") != "");
    CHECK(with("target_include_directories(a PRIVATE ${PROJECT_SOURCE_DIR}/core)") != "");
    CHECK(with("shadowcat_test(a SOURCES a_test.cpp LIBS shadowcat-core)") != "");
}

TEST_CASE("CMake's comments, quotes and inner parentheses") {
    const auto commands = cmake_commands("a(b \"c d\" # e)\n (f) g)\n# h(i)\nj ()\n");
    REQUIRE(commands.size() == 2);
    CHECK(commands[0].name == "a");
    REQUIRE(commands[0].arguments.size() == 4);
    CHECK(commands[0].arguments[1].text == "c d");
    CHECK(commands[0].arguments[3].text == "g");
    CHECK(commands[0].arguments[3].line == 2);
    CHECK(commands[1].name == "j");
    CHECK(commands[1].arguments.empty());
}
