// SPDX-License-Identifier: Apache-2.0
// Reading tapes: whole ones, and those that something happened to.
#include "format/tape_reader.hpp"

#include "format/sample_tape.hpp"
#include "format/scratch.hpp"

#include <doctest/doctest.h>

using namespace shadowcat;
using tape::Scratch;
using tape::TapeLine;
using tape::TapeProblem;
using tape::TapeReader;
namespace sample = tape::sample;

namespace {

std::vector<std::uint64_t> numbers(TapeReader& reader) {
    std::vector<std::uint64_t> seqs;
    while (const auto line = reader.next())
        if (line->kind == TapeLine::Kind::frame) seqs.push_back(line->seq);
    return seqs;
}

std::vector<std::uint64_t> from_to(std::uint64_t from, std::uint64_t to) {
    std::vector<std::uint64_t> seqs;
    for (; from < to; ++from)
        seqs.push_back(from);
    return seqs;
}

TapeReader opened(const std::filesystem::path& file) {
    auto reader = TapeReader::open(file);
    INFO((reader.has_error() ? reader.error().message() : ""));
    REQUIRE(reader.has_value());
    return *std::move(reader);
}

/// What a tape of these lines behind its init has to complain about.
TapeProblem only_problem(const std::string& lines) {
    const Scratch scratch;
    TapeReader reader = opened(scratch.write("a.jsonl", sample::init() + lines));
    numbers(reader);
    REQUIRE(reader.problems().size() == 1);
    return reader.problems().front();
}

std::string refusal(const std::string& text) {
    const Scratch scratch;
    const auto reader = TapeReader::open(scratch.write("a.jsonl", text));
    REQUIRE(reader.has_error());
    CHECK(reader.error().code() == sdk::ErrorCode::protocol);
    return reader.error().message();
}

}  // namespace

TEST_CASE("a tape is read line by line, each with its place") {
    const Scratch scratch;
    const std::string init = sample::init();
    const std::string first = sample::frame(0, 1.5);
    TapeReader reader = opened(scratch.write("a.jsonl", init + first + sample::frame(1, 2.25)));
    CHECK(reader.init().session == "s1");
    CHECK(reader.init().version == "3.0");
    const auto line = reader.next();
    REQUIRE(line.has_value());
    CHECK(line->seq == 0);
    CHECK(line->ts_ms == 1.5);
    CHECK(line->id == "0");
    CHECK(line->method == "ping");
    CHECK(line->message == R"({"jsonrpc":"2.0","id":0,"method":"ping"})");
    CHECK(line->line_number == 2);
    CHECK(line->offset == init.size());
    const auto second = reader.next();
    CHECK(second->line_number == 3);
    CHECK(second->offset == init.size() + first.size());
    CHECK_FALSE(reader.next().has_value());
    CHECK(reader.problem_count() == 0);
    CHECK(reader.bytes_read() == reader.bytes_total());
}

TEST_CASE("what is no tape is refused in one sentence that names the file") {
    CHECK(refusal("").find("is empty") != std::string::npos);
    CHECK(refusal("not json\n").find("line 1: no JSON object") != std::string::npos);
    CHECK(refusal(sample::frame(0, 0)).find("line 1: no init line") != std::string::npos);
    CHECK(refusal(R"({"type":"init","version":"4.0"})"
                  "\n")
              .find("only 3.x can be read") != std::string::npos);
    CHECK(refusal(R"({"type":"init","version":"2.0"})"
                  "\n")
              .find("a.jsonl") != std::string::npos);
    const Scratch scratch;
    const auto missing = TapeReader::open(scratch.file("none.jsonl"));
    CHECK(missing.error().code() == sdk::ErrorCode::unreachable);
    CHECK(missing.error().message().find("none.jsonl") != std::string::npos);
    CHECK(TapeReader::open(scratch.directory).has_error());
}

TEST_CASE("a later version of this format is read as far as it is known") {
    const Scratch scratch;
    std::string init = sample::init();
    init.replace(init.find("3.0"), 3, "3.9");
    TapeReader reader = opened(scratch.write("a.jsonl", init + sample::frames(0, 2)));
    CHECK(numbers(reader) == from_to(0, 2));
}

TEST_CASE("bad lines are skipped and told") {
    for (
        const std::string bad :
        {"", "garbage", "[1]", R"({"type":"frame","seq":1)", R"({"no":"type"})",
         R"({"type":"frame","seq":-1,"dir":"client_to_server","kind":"request","msg":{}})",
         R"({"type":"frame","seq":1,"dir":"sideways","kind":"request","msg":{}})",
         R"({"type":"frame","seq":1,"dir":"client_to_server","kind":"poem","msg":{}})",
         R"({"type":"frame","seq":1,"dir":"client_to_server","kind":"request"})",
         R"({"type":"frame","dir":"client_to_server","kind":"request","msg":{}})",
         R"({"type":"frame","seq":1,"ts":"now","dir":"client_to_server","kind":"request","msg":{}})",
         "{\"type\":\"event\",\"text\":\"\xff\"}"}) {
        INFO(bad);
        const TapeProblem problem =
            only_problem(sample::frame(0, 0) + bad + "\n" + sample::frame(1, 1));
        CHECK((problem.kind == TapeProblem::Kind::bad_line));
        CHECK(problem.line == 3);
    }
}

TEST_CASE("types of a later version are skipped, another init is a bad line") {
    CHECK((only_problem("{\"type\":\"hologram\"}\n").kind == TapeProblem::Kind::unknown_type));
    CHECK((only_problem(sample::init()).kind == TapeProblem::Kind::bad_line));
}

TEST_CASE("missing, repeated and turned-back frames are told, and read") {
    const TapeProblem gap = only_problem(sample::frames(0, 2) + sample::frames(5, 7));
    CHECK((gap.kind == TapeProblem::Kind::sequence_gap));
    CHECK(gap.text == "frames 2 to 4 are missing");
    const TapeProblem start = only_problem(sample::frames(1, 2));
    CHECK(start.text == "frame 0 is missing");
    const TapeProblem again = only_problem(sample::frames(0, 3) + sample::frame(1, 99));
    CHECK((again.kind == TapeProblem::Kind::out_of_order));
    const TapeProblem time = only_problem(sample::frame(0, 9) + sample::frame(1, 8));
    CHECK((time.kind == TapeProblem::Kind::out_of_order));
}

TEST_CASE("a torn end is ignored; once it is whole it is read, and no problem any more") {
    const Scratch scratch;
    const std::string last = sample::frame(1, 1);
    const auto file = scratch.write(
        "a.jsonl", sample::init() + sample::frame(0, 0) + last.substr(0, last.size() / 2));
    TapeReader reader = opened(file);
    CHECK(numbers(reader) == from_to(0, 1));
    CHECK(numbers(reader).empty());
    REQUIRE(reader.problem_count() == 1);
    CHECK((reader.problems()[0].kind == TapeProblem::Kind::torn_end));
    CHECK(reader.problems()[0].line == 3);
    Scratch::append(file, last.substr(last.size() / 2));
    CHECK(numbers(reader) == from_to(1, 2));
    CHECK(reader.problem_count() == 0);
}

TEST_CASE("a tape that is being written can be followed, over a rotation too") {
    const Scratch scratch;
    const auto file = scratch.write("a.jsonl", sample::init() + sample::frames(0, 2));
    TapeReader reader = opened(file);
    CHECK(numbers(reader) == from_to(0, 2));
    Scratch::append(file, sample::frames(2, 3));
    CHECK(numbers(reader) == from_to(2, 3));
    Scratch::append(file, sample::frames(3, 4) + sample::checkpoint(4, 2));
    scratch.write("a.part2.jsonl", sample::init(2, 4) + sample::frames(4, 6));
    CHECK(numbers(reader) == from_to(3, 6));
    CHECK(reader.problem_count() == 0);
    CHECK(reader.bytes_read() == reader.bytes_total());
}

TEST_CASE("parts that are missing are told") {
    const Scratch scratch;
    const auto file =
        scratch.write("a.jsonl", sample::init() + sample::frames(0, 2) + sample::checkpoint(2, 2));
    TapeReader first = opened(file);
    CHECK(numbers(first) == from_to(0, 2));
    CHECK(numbers(first).empty());
    REQUIRE(first.problem_count() == 1);
    CHECK((first.problems()[0].kind == TapeProblem::Kind::truncated_parts));
    TapeReader later =
        opened(scratch.write("b.part2.jsonl", sample::init(2, 2) + sample::frames(2, 4)));
    CHECK(numbers(later) == from_to(2, 4));
    REQUIRE(later.problem_count() == 1);
    CHECK((later.problems()[0].kind == TapeProblem::Kind::truncated_parts));
}

TEST_CASE("a part of another tape isn't taken for a part of this one without a word") {
    const Scratch scratch;
    std::string other = sample::init(2, 2);
    other.replace(other.find("0b5e"), 4, "ffff");
    scratch.write("a.part2.jsonl", other + sample::frames(2, 3));
    TapeReader reader = opened(scratch.write("a.jsonl", sample::init() + sample::frames(0, 2)));
    numbers(reader);
    REQUIRE(reader.problem_count() == 1);
    CHECK(reader.problems()[0].text == "part 2: the file is no part of this tape");
}

TEST_CASE("a line that is too long is skipped, and the next one found") {
    const Scratch scratch;
    TapeReader reader = opened(scratch.write(
        "a.jsonl", sample::init() + sample::frame(0, 0) +
                       std::string(tape::kMaxLineBytes + 1, 'x') + "\n" + sample::frame(1, 1)));
    CHECK(numbers(reader) == from_to(0, 2));
    REQUIRE(reader.problem_count() == 1);
    CHECK((reader.problems()[0].kind == TapeProblem::Kind::too_long));
}

TEST_CASE("problems are counted, but not all of them kept") {
    const Scratch scratch;
    std::string text = sample::init();
    for (int i = 0; i < 1500; ++i)
        text += "bad\n";
    TapeReader reader = opened(scratch.write("a.jsonl", text));
    numbers(reader);
    CHECK(reader.problem_count() == 1500);
    CHECK(reader.problems().size() == TapeReader::kMaxProblems);
}

TEST_CASE("seeking by number and by time, forth and back, over parts and beyond the end") {
    const Scratch scratch;
    scratch.write("a.part2.jsonl", sample::init(2, 2500) + sample::frames(2500, 6000));
    TapeReader reader = opened(scratch.write(
        "a.jsonl", sample::init() + sample::frames(0, 2500) + sample::checkpoint(2500, 2)));
    for (const std::uint64_t seq : {4321u, 17u, 2499u, 2500u, 5999u, 0u}) {
        reader.seek_frame(seq);
        CHECK(reader.next()->seq == seq);
        reader.seek_time(static_cast<double>(seq) * 10 - 5);
        CHECK(reader.next()->seq == seq);
    }
    reader.seek_frame(5990);
    CHECK(numbers(reader) == from_to(5990, 6000));
    reader.seek_frame(6000);
    CHECK_FALSE(reader.next().has_value());
    reader.seek_frame(0);
    CHECK(numbers(reader) == from_to(0, 6000));
    CHECK(reader.problem_count() == 0);
}
