// SPDX-License-Identifier: Apache-2.0
// The editor: its words, its end, its file.
#include "cli/editor.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <sstream>

using namespace shadowcat::intercept;
using Words = std::vector<std::string>;

namespace {

std::string failure_of(const std::vector<std::string>& program) {
    const auto run = run_program(program);
    return run.has_error() ? run.error().message() : "";
}

}  // namespace

TEST_CASE("an editor's command is words, of which no shell makes anything else") {
    CHECK(words_of("vi") == Words{"vi"});
    CHECK(words_of("  code  --wait ") == Words{"code", "--wait"});
    CHECK(words_of("'/opt/my editor/bin' \"a 'b'\" ''") ==
          Words{"/opt/my editor/bin", "a 'b'", ""});
    CHECK(words_of("$HOME `x` ; *") == Words{"$HOME", "`x`", ";", "*"});
    CHECK(words_of("").empty());
    CHECK(words_of("vi 'x").empty());
}

TEST_CASE("how an editor ended") {
    CHECK(failure_of({"true"}).empty());
    CHECK(failure_of({"sh", "-c", "exit 3"}) == "'sh' ended with exit code 3");
    CHECK(failure_of({"sh", "-c", "kill -9 $$"}) == "'sh' ended with signal 9");
    CHECK(failure_of({"/no/such/editor"}) ==
          "can't run '/no/such/editor': No such file or directory");
}

TEST_CASE("an editor can be interrupted although the command isn't") {
    CHECK(failure_of({"sh", "-c", "kill -2 $$; exit 0"}) == "'sh' ended with signal 2");
}

TEST_CASE("a draft is its owner's alone, and goes away unless it is to be kept") {
    std::string path;
    {
        const DraftFile draft("text\n");
        path = draft.path();
        struct stat found {};
        REQUIRE(::stat(path.c_str(), &found) == 0);
        CHECK((found.st_mode & 07777) == 0600);
        CHECK(path.ends_with(".json"));
        CHECK(*draft.text() == "text\n");
        std::ofstream(path) << "changed";
        CHECK(*draft.text() == "changed");
    }
    CHECK_FALSE(std::filesystem::exists(path));
    {
        DraftFile draft("text");
        path = draft.path();
        draft.keep();
    }
    CHECK(std::filesystem::remove(path));
}

TEST_CASE("a file that can't be read says why") {
    CHECK(text_of_file("/no/such/file").error().message() ==
          "can't read /no/such/file: No such file or directory");
}
