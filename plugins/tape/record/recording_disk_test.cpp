// SPDX-License-Identifier: Apache-2.0
// What full disks, lost messages and limits do to tapes.
#include "record/full_disk.hpp"
#include "record/studio.hpp"

#include <doctest/doctest.h>

using namespace shadowcat;
using namespace shadowcat::tape;
using scene::Studio;
using Kind = EventRecord::Kind;

TEST_CASE("a full disk: told once, what is missing is counted, no line is torn in the end") {
    Studio studio;
    studio.take(scene::message(scene::request(1)));
    studio.flush();
    const auto tape = studio.only_tape();
    {
        const FullDisk full(std::filesystem::file_size(tape) + 20);
        studio.take(scene::message(scene::request(2)));
        studio.flush();
        CHECK(studio.recording.failing());
        studio.take(scene::message(scene::request(3)));
        studio.flush();
        studio.later(std::chrono::seconds(2));
        studio.flush();
        CHECK(studio.recording.failing());
        CHECK(studio.counted("write_errors") == 2);
    }
    studio.flush();
    CHECK(studio.recording.failing());  // not yet time to try
    studio.later(std::chrono::seconds(2));
    studio.flush();
    CHECK_FALSE(studio.recording.failing());
    studio.take(scene::message(scene::request(4)));
    studio.end();
    CHECK(scene::kinds_of(tape) == "ffgfccce");
    const auto lines = scene::lines_of(tape);
    CHECK(lines[2].fields["dropped"] == 1);
    CHECK(lines[2].fields["reason"] == "write_error");
    CHECK(studio.counted("dropped") == 1);
    CHECK(scene::meta_of(tape).stats.dropped == 1);
    CHECK(scene::meta_of(tape).error == "File too large");
    CHECK((scene::meta_of(tape).status == TapeMeta::Status::finalized));
}

TEST_CASE("a session that ends while the disk is full is finished later") {
    Studio studio;
    studio.take(scene::message(scene::request(1)));
    studio.flush();
    const auto tape = studio.only_tape();
    {
        const FullDisk full(std::filesystem::file_size(tape));
        studio.take(scene::message(scene::request(2)));
        studio.flush();
        studio.take(scene::message(scene::request(3)));
        studio.take(scene::event(Kind::session_closed, "s1", "left"));
        studio.flush();
    }
    studio.later(std::chrono::seconds(2));
    studio.flush();
    CHECK(scene::kinds_of(tape) == "ffvgcce");
    CHECK((scene::meta_of(tape).status == TapeMeta::Status::finalized));
}

TEST_CASE("a tape that couldn't be finished says so, and what it has can be read") {
    Studio studio;
    studio.take(scene::message(scene::request(1)));
    studio.flush();
    const auto tape = studio.only_tape();
    {
        const FullDisk full(std::filesystem::file_size(tape) + 5);
        studio.take(scene::message(scene::request(2)));
        studio.end();
    }
    auto reader = TapeReader::open(tape);
    REQUIRE(reader.has_value());
    CHECK(reader->next()->seq == 0);
    CHECK_FALSE(reader->next().has_value());
    REQUIRE(reader->problem_count() == 1);
    CHECK((reader->problems()[0].kind == TapeProblem::Kind::torn_end));
}

TEST_CASE("a directory that can't be made stops no traffic, and is tried again") {
    Studio studio;
    studio.write("tapes", "a file is in the way");
    studio.take(scene::message(scene::request(1)));
    studio.flush();
    CHECK(studio.recording.failing());
    std::filesystem::remove(studio.file("tapes"));
    studio.later(std::chrono::seconds(2));
    studio.flush();
    studio.take(scene::message(scene::request(2)));
    studio.end();
    CHECK(scene::kinds_of(studio.only_tape()) == "gfce");
}

TEST_CASE("losses of the queue stand on the tape of their session") {
    Studio studio;
    studio.take(scene::message(scene::request(1), scene::Said("s1", {})));
    studio.take(scene::message(scene::request(1), scene::Said("s2", {})));
    Losses losses;
    Loss loss;
    loss.add(100);
    loss.add(50);
    losses.add("s2", loss);
    losses.add("s3", loss);
    studio.recording.take(std::move(losses));
    studio.take(scene::message(scene::request(1), scene::Said("s3", {})));
    studio.end();
    CHECK(studio.counted("dropped") == 4);
    std::string kinds;
    for (const auto& tape : studio.tapes())
        kinds += scene::lines_of(tape).front().fields.value("dropped", 0) == 2 ? "gap first, " : "",
            kinds += scene::kinds_of(tape) + " ";
    CHECK(kinds.find("fgce") != std::string::npos);
    CHECK(kinds.find("gap first, gfce") != std::string::npos);
}

TEST_CASE("the oldest finished tapes are deleted, nothing else") {
    const Scratch elsewhere;
    std::filesystem::create_directory(elsewhere.file("tapes"));
    elsewhere.write("tapes/notes.jsonl", "{}\n");
    elsewhere.write("tapes/foreign.jsonl", "{\"type\":\"init\",\"version\":\"3.0\"}\n");
    Studio studio(sdk::Json{{"path", elsewhere.file("tapes").string()}, {"max_files", 4}});
    studio.take(scene::message(scene::request(1), scene::Said("open", {})));
    for (int i = 0; i < 6; ++i) {
        const std::string session = "s" + std::to_string(i);
        studio.take(scene::message(scene::request(1), scene::Said(session, {})));
        studio.take(scene::event(Kind::session_closed, session));
        studio.flush();
    }
    std::string names;
    for (const auto& tape : studio.tapes())
        names += tape.filename().string() + " ";
    CHECK(studio.tapes().size() == 5);  // notes isn't a tape
    for (const std::string kept : {"notes.jsonl", "foreign.jsonl", "-open-", "-s5-"})
        CHECK(names.find(kept) != std::string::npos);
    CHECK(names.find("-s0-") == std::string::npos);
    const auto entries = std::filesystem::directory_iterator(studio.options.path);
    CHECK(std::distance(begin(entries), end(entries)) == 5 + 3);  // with metadata of three
}

TEST_CASE("a tape that somebody deletes is given up, and the others go on") {
    Studio studio;
    for (int i = 0; i < 70; ++i)  // so many that descriptors are given back
        studio.take(scene::message(scene::request(1), scene::Said("s" + std::to_string(i), {})));
    studio.flush();
    std::filesystem::remove(studio.tapes().front());
    for (int i = 0; i < 70; ++i)
        studio.take(scene::message(scene::request(2), scene::Said("s" + std::to_string(i), {})));
    studio.end();
    REQUIRE(studio.tapes().size() == 69);
    for (const auto& tape : studio.tapes())
        CHECK(scene::kinds_of(tape) == "ffcce");
}
