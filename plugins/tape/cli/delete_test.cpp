// SPDX-License-Identifier: Apache-2.0
// `tape delete`: what goes, and what stays.
#include "cli/delete.hpp"

#include "cli/testing/tape_bench.hpp"

#include <doctest/doctest.h>

using namespace shadowcat;
using namespace shadowcat::tape;
namespace fs = std::filesystem;

namespace {

int deleted(TapeBench& bench, const std::string& tape, bool force, const Question& ask) {
    Console console(bench);
    DeleteOptions options;
    options.tapes = {tape};
    options.force = force;
    return run_delete(options, TapeChoice(bench.directory.string()), console, ask);
}

}  // namespace

TEST_CASE("all parts and the metadata go; other tapes stay") {
    TapeBench bench;
    const std::string file = bench.write("one.jsonl", short_session().text());
    bench.write("one.part2.jsonl", "{}\n");
    bench.write("one.part3.jsonl", "{}\n");
    TapeMeta meta;
    meta.tape_id = short_session().init.tape_id;
    meta.created_at = short_session().init.created_at;
    meta.status = TapeMeta::Status::finalized;
    REQUIRE(write_meta(file, meta));
    bench.write("one-more.jsonl", TapeText("bbbb").text());
    CHECK(deleted(bench, "3f2a", false, nullptr) == 0);
    CHECK_FALSE(fs::exists(file));
    CHECK_FALSE(fs::exists(bench.path("one.part2.jsonl")));
    CHECK_FALSE(fs::exists(bench.path("one.part3.jsonl")));
    CHECK_FALSE(fs::exists(bench.path("one.meta.json")));
    CHECK(fs::exists(bench.path("one-more.jsonl")));
}

TEST_CASE("a question is asked, and no means no") {
    TapeBench bench;
    bench.write("one.jsonl", short_session().text());
    std::string asked;
    const auto no = [&](const std::string& question) {
        asked = question;
        return false;
    };
    CHECK(deleted(bench, "one", false, no) == 0);
    CHECK(asked.starts_with("delete \"" + bench.path("one.jsonl") + "\" (7 frames, 1."));
    CHECK(asked.ends_with(" KiB, 1 file)?"));
    CHECK(fs::exists(bench.path("one.jsonl")));
    CHECK(deleted(bench, "one", false, [](const std::string&) { return true; }) == 0);
    CHECK_FALSE(fs::exists(bench.path("one.jsonl")));
}

TEST_CASE("what is still recorded, or is no tape, goes only by force") {
    TapeBench bench;
    const std::string file = bench.write("one.jsonl", TapeText().text());
    TapeMeta meta;
    meta.tape_id = TapeText().init.tape_id;
    meta.created_at = TapeText().init.created_at;
    REQUIRE(write_meta(file, meta));
    CHECK(deleted(bench, "one", false, nullptr) == 1);
    CHECK(fs::exists(file));
    CHECK(deleted(bench, "one", true, nullptr) == 0);
    CHECK_FALSE(fs::exists(file));
    const std::string damaged = bench.write("bad.jsonl", "nothing\n");
    CHECK(deleted(bench, damaged, false, nullptr) == 1);
    CHECK(deleted(bench, damaged, true, nullptr) == 0);
    CHECK_FALSE(fs::exists(damaged));
}

TEST_CASE("files that aren't tapes are never deleted") {
    TapeBench bench;
    const std::string notes = bench.write("notes.txt", "dear diary");
    CHECK(deleted(bench, notes, true, nullptr) == 1);
    CHECK(fs::exists(notes));
    CHECK(deleted(bench, "..", true, nullptr) == 1);
    CHECK(deleted(bench, "nothing", true, nullptr) == 1);
}
