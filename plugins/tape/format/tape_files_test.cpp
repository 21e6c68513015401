// SPDX-License-Identifier: Apache-2.0
// Names and ids that lead to tapes, and those that must not.
#include "format/tape_files.hpp"

#include "format/sample_tape.hpp"
#include "format/scratch.hpp"

#include <doctest/doctest.h>

using namespace shadowcat;
using tape::Scratch;
namespace sample = tape::sample;

namespace {

std::string error_about(const std::string& wanted, const Scratch& scratch) {
    const auto found = tape::find_tape(wanted, scratch.directory / "tapes");
    REQUIRE(found.has_error());
    CHECK(found.error().code() == sdk::ErrorCode::config);
    return found.error().message();
}

std::string init_with_id(const std::string& id) {
    std::string init = sample::init();
    return init.replace(init.find("0b5e6d0c"), 8, id);
}

/// tapes/ with two tapes, a part, something else and a secret beside the directory.
class Shelf : public Scratch {
public:
    Shelf() {
        std::filesystem::create_directory(file("tapes"));
        write("tapes/20261126-s1-aaaa.jsonl", init_with_id("aaaa0000"));
        write("tapes/20261126-s1-aaaa.part2.jsonl", sample::init(2));
        write("tapes/20261127-s2-bbbb.jsonl", init_with_id("bbbb0000"));
        write("tapes/notes.jsonl", "{\"not\":\"a tape\"}\n");
        write("secret.jsonl", init_with_id("cccc0000"));
        std::filesystem::create_symlink("../secret.jsonl", file("tapes/link.jsonl"));
    }
    std::string found(const std::string& wanted) const {
        const auto tape = tape::find_tape(wanted, directory / "tapes");
        return tape.has_value() ? tape->filename().string() : tape.error().message();
    }
};

}  // namespace

TEST_CASE("a tape is found by its name, the beginning of it, its id and its path") {
    const Shelf shelf;
    CHECK(shelf.found("20261126-s1-aaaa") == "20261126-s1-aaaa.jsonl");
    CHECK(shelf.found("20261126-s1-aaaa.jsonl") == "20261126-s1-aaaa.jsonl");
    CHECK(shelf.found("20261127") == "20261127-s2-bbbb.jsonl");
    CHECK(shelf.found("bbbb") == "20261127-s2-bbbb.jsonl");
    CHECK(shelf.found("aaaa0000-") == "20261126-s1-aaaa.jsonl");
    CHECK(shelf.found(shelf.file("secret.jsonl")) == "secret.jsonl");
}

TEST_CASE("a beginning that several tapes have is refused with their names") {
    const Shelf shelf;
    CHECK(error_about("202611", shelf).find("means several tapes: ") != std::string::npos);
    CHECK(error_about("2026112", shelf).find("20261127-s2-bbbb") != std::string::npos);
}

TEST_CASE("no id leads out of the directory, and no link does") {
    const Shelf shelf;
    for (const std::string wanted :
         {"../secret", "..", ".", "", "/etc/passwd.jsonl", "a/../../secret.jsonl", "secret", "link",
          "cccc", "notes", "tapes/../secret", "*", "a\nb"}) {
        INFO(wanted);
        error_about(wanted, shelf);
    }
    error_about(std::string("20261127-s2-bbbb\0x", 18), shelf);
}

TEST_CASE("tapes are listed newest first: only tapes, and each once") {
    const Shelf shelf;
    const auto now = std::filesystem::file_time_type::clock::now();
    const auto old = shelf.file("tapes/20261127-s2-bbbb.jsonl");
    std::filesystem::last_write_time(old, now - std::chrono::hours(1));
    const auto tapes = tape::tapes_in(shelf.directory / "tapes");
    REQUIRE(tapes.size() == 2);
    CHECK(tapes[0].filename() == "20261126-s1-aaaa.jsonl");
    CHECK(tapes[1].filename() == "20261127-s2-bbbb.jsonl");
    CHECK(tape::tapes_in(shelf.directory / "nowhere").empty());
}

TEST_CASE("where tapes are when nobody says so") {
    ::unsetenv("SHADOWCAT_TAPES");
    ::setenv("XDG_STATE_HOME", "/state", 1);
    ::setenv("HOME", "/home/me", 1);
    CHECK(tape::default_tape_directory() == "/state/shadowcat/tapes");
    ::setenv("XDG_STATE_HOME", "relative", 1);
    CHECK(tape::default_tape_directory() == "/home/me/.local/state/shadowcat/tapes");
    ::setenv("SHADOWCAT_TAPES", "/tapes", 1);
    CHECK(tape::default_tape_directory() == "/tapes");
    ::unsetenv("SHADOWCAT_TAPES");
}
