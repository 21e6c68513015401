// SPDX-License-Identifier: Apache-2.0
// Which file a command name means, and what an operator reads when it means none.
#include "program_path.hpp"

#include "test_support.hpp"

using namespace shadowcat::transport_stdio;
using namespace shadowcat::transport_stdio::test;

TEST_CASE("a name without a slash is looked up in PATH, first come first served") {
    const TemporaryDirectory first, second;
    const std::string wanted = first.file("tool", "", true);
    second.file("tool", "", true);
    const std::string path = "/nowhere:" + first.path() + ":" + second.path();
    CHECK(find_program("tool", path, "").value() == wanted);
}

TEST_CASE("what can't be executed is passed over, and named if there is nothing better") {
    const TemporaryDirectory locked, open;
    const std::string useless = locked.file("tool", "", false);
    const auto none = find_program("tool", locked.path(), "");
    CHECK(none.error().message() == "command is not executable: '" + useless + "'");
    const std::string wanted = open.file("tool", "", true);
    CHECK(find_program("tool", locked.path() + ":" + open.path(), "").value() == wanted);
}

TEST_CASE("an empty entry of PATH is not the current directory") {
    const TemporaryDirectory here;
    here.file("tool", "", true);
    const auto before = std::filesystem::current_path();
    std::filesystem::current_path(here.path());
    const auto found = find_program("tool", ":/nowhere:", "");
    std::filesystem::current_path(before);
    CHECK(found.error().message() == "command not found: 'tool'");
    CHECK(found.error().code() == ErrorCode::unreachable);
}

TEST_CASE("a path is taken as it is, relative to the child's directory") {
    const TemporaryDirectory home;
    const std::string absolute = home.file("tool", "", true);
    CHECK(find_program(absolute, "", "").value() == absolute);
    CHECK(find_program("./tool", "", home.path()).value() == "./tool");
    CHECK(find_program("./other", "", home.path()).error().message() ==
          "command not found: './other'");
    CHECK(find_program(home.path(), "", "").error().message() ==
          "command is a directory: '" + home.path() + "'");
}
