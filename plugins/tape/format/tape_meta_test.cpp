// SPDX-License-Identifier: Apache-2.0
// Metadata: written at once or not at all.
#include "format/tape_meta.hpp"

#include "format/scratch.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

using namespace shadowcat;
using tape::Scratch;
using tape::TapeMeta;

namespace {

TapeMeta a_meta() {
    TapeMeta meta;
    meta.tape_id = "id";
    meta.name = "a";
    meta.created_at = "2026-11-26T04:00:00.000Z";
    meta.status = TapeMeta::Status::error;
    meta.error = "No space left on device";
    meta.era = sdk::Era::stateless;
    meta.target = "bad bytes: \xff";
    meta.stats.frames = 5;
    meta.stats.duration_ms = 1.5;
    return meta;
}

}  // namespace

TEST_CASE("metadata comes back, in a file that only its owner reads") {
    const Scratch scratch;
    const auto tape_file = scratch.file("a.jsonl");
    REQUIRE(tape::write_meta(tape_file, a_meta()).has_value());
    const auto meta = tape::read_meta(tape_file);
    REQUIRE(meta.has_value());
    CHECK(meta->tape_id == "id");
    CHECK((meta->status == TapeMeta::Status::error));
    CHECK(meta->error == "No space left on device");
    CHECK((meta->era == sdk::Era::stateless));
    CHECK(meta->stats == a_meta().stats);
    struct stat about = {};
    ::stat(scratch.file("a.meta.json").c_str(), &about);
    CHECK((about.st_mode & 0777) == 0600);
    CHECK(std::distance(std::filesystem::directory_iterator(scratch.directory), {}) == 1);
}

TEST_CASE("metadata that is missing or damaged is an error") {
    const Scratch scratch;
    CHECK(tape::read_meta(scratch.file("a.jsonl")).error().code() == sdk::ErrorCode::unreachable);
    for (const std::string text : {"", "{", "[]", "{\"tape_id\":5}",
                                   R"({"tape_id":"x","created_at":"y","status":"asleep"})"}) {
        scratch.write("a.meta.json", text);
        CHECK(tape::read_meta(scratch.file("a.jsonl")).error().code() == sdk::ErrorCode::protocol);
    }
}

TEST_CASE("a directory that can't be written to is named, and the old metadata stays") {
    const Scratch scratch;
    const auto failed = tape::write_meta(scratch.file("none/a.jsonl"), a_meta());
    REQUIRE(failed.has_error());
    CHECK(failed.error().message().find("none/a.meta.json") != std::string::npos);
}
