// SPDX-License-Identifier: Apache-2.0
// Tapes as files: parts, redaction, files that change.
#include "replay/recording_file.hpp"

#include "format/line_writer.hpp"
#include "replay/tape_scene.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>

using namespace shadowcat;
using namespace shadowcat::tape;
using namespace shadowcat::tape::test;

namespace {

namespace fs = std::filesystem;

/// A tape that is written line by line.
class TapeOnDisk {
public:
    TapeOnDisk() {
        std::string pattern = (fs::temp_directory_path() / "replay-XXXXXX").string();
        REQUIRE(::mkdtemp(pattern.data()) != nullptr);
        directory_ = pattern;
        begin_part(1);
    }
    TapeOnDisk(const TapeOnDisk&) = delete;
    TapeOnDisk& operator=(const TapeOnDisk&) = delete;
    ~TapeOnDisk() { fs::remove_all(directory_); }

    fs::path file() const { return directory_ / "tape.jsonl"; }

    void begin_part(std::uint64_t part) {
        current_ =
            part == 1 ? file() : directory_ / ("tape.part" + std::to_string(part) + ".jsonl");
        TapeInit init;
        init.version = kTapeVersion;
        init.tape_id = "0b5c7d2e-0000-4000-8000-000000000000";
        init.created_at = "2026-11-26T00:00:00.000Z";
        init.part = part;
        init.first_seq = seq_;
        std::string text;
        append_init(text, init);
        write(text);
    }

    void add(sdk::Direction direction, std::uint64_t exchange, const std::string& message,
             bool redacted = false) {
        const sdk::Message parsed_message = parsed(message);
        TapeLine line;
        line.kind = TapeLine::Kind::frame;
        line.seq = seq_++;
        line.ts_ms = static_cast<double>(seq_);
        line.direction = direction;
        line.message_kind = parsed_message.kind();
        line.method = parsed_message.method();
        line.id = parsed_message.id();
        line.exchange = exchange;
        line.message = message;
        line.redacted = redacted;
        std::string text;
        append_frame(text, line);
        write(text);
    }

    void write(const std::string& text) const { std::ofstream(current_, std::ios::app) << text; }

private:
    fs::path directory_, current_;
    std::uint64_t seq_ = 0;
};

constexpr auto kAsks = sdk::Direction::client_to_server;
constexpr auto kAnswers = sdk::Direction::server_to_client;

std::string response_of(const Recording& recording, std::size_t exchange) {
    return recording.message(recording.index.steps(recording.index[exchange]).back().place)
        ->bytes();
}

}  // namespace

TEST_CASE("messages are read again byte by byte, from every part, also long and odd ones") {
    TapeOnDisk tape;
    const std::string odd = "{ \"jsonrpc\":\"2.0\",\n \"id\":1, \"result\":{\"n\":1e400} }";
    const std::string longer = result("2", "{\"text\":\"" + std::string(100'000, 'x') + "\"}");
    tape.add(kAsks, 1, request("1", "tools/list"));
    tape.add(kAnswers, 1, odd);
    tape.begin_part(2);
    tape.add(kAsks, 2, request("2", "prompts/list"));
    tape.add(kAnswers, 2, longer);
    const auto read = read_recording(tape.file());
    REQUIRE(read.has_value());
    REQUIRE((*read)->index.size() == 2);
    CHECK(response_of(**read, 0) == odd);
    CHECK((response_of(**read, 1) == longer));
}

TEST_CASE("a tape is read once for all who have it at a time") {
    TapeOnDisk tape;
    tape.add(kAsks, 1, request("1", "tools/list"));
    const auto first = shared_recording(tape.file());
    const auto second = shared_recording(tape.file());
    REQUIRE(first.has_value());
    CHECK(*first == *second);
    tape.add(kAnswers, 1, result("1"));
    const auto third = shared_recording(tape.file());
    CHECK((*third)->index[0].answered);
    CHECK_FALSE((*first)->index[0].answered);
}

TEST_CASE("redacted tapes are refused with the flag that allows them; others aren't") {
    TapeOnDisk tape;
    tape.add(kAsks, 1, request("1", "tools/list"));
    CHECK(refuse_redacted(**read_recording(tape.file()), "t").has_value());
    tape.add(kAnswers, 1, result("1"), true);
    const auto refused = refuse_redacted(**read_recording(tape.file()), "t");
    REQUIRE(refused.has_error());
    CHECK(refused.error().message().find("parts of 1 message were redacted") != std::string::npos);
    CHECK(refused.error().message().find("--allow-redacted") != std::string::npos);
}

TEST_CASE("a file that is cut off under the replay is an error, not a crash") {
    TapeOnDisk tape;
    tape.add(kAsks, 1, request("1", "tools/list"));
    tape.add(kAnswers, 1, result("1"));
    const auto read = read_recording(tape.file());
    REQUIRE(read.has_value());
    fs::resize_file(tape.file(), fs::file_size(tape.file()) - 20);
    const auto gone = (*read)->message((*read)->index.steps((*read)->index[0]).back().place);
    REQUIRE(gone.has_error());
    CHECK(gone.error().message() == "the tape has changed since it was opened");
}

TEST_CASE("no file, no tape, nothing to replay: each says so") {
    TapeOnDisk tape;
    CHECK(read_recording("/nonexistent/x.jsonl").error().code() == sdk::ErrorCode::unreachable);
    CHECK(read_recording(tape.file()).error().message().find("has no request") !=
          std::string::npos);
    tape.write("no json at all\n");
    tape.add(kAsks, 1, request("1", "tools/list"));
    CHECK(read_recording(tape.file()).has_value());
}
