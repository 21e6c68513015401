// SPDX-License-Identifier: Apache-2.0
// Tapes as they end up on the disk.
#include "record/studio.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

using namespace shadowcat;
using namespace shadowcat::tape;
using scene::Studio;
using Kind = EventRecord::Kind;

namespace {

unsigned mode_of(const std::filesystem::path& path) {
    struct stat about = {};
    ::stat(path.c_str(), &about);
    return about.st_mode & 0777;
}

}  // namespace

TEST_CASE("a session's messages stand on its tape byte by byte, correlated") {
    Studio studio;
    const std::string odd = R"({"jsonrpc":"2.0", "id":18446744073709551616,"method":"a\/b"})";
    const std::string back = "{\"jsonrpc\":\"2.0\",\n\"id\":18446744073709551616,\"result\":{}}";
    studio.take(scene::message(odd));
    studio.take(scene::answer(back));
    studio.take(scene::event(Kind::session_closed, "s1", "client left"));
    studio.flush();
    const auto lines = scene::lines_of(studio.only_tape());
    CHECK(scene::kinds_of(studio.only_tape()) == "ffcve");
    CHECK(lines[0].message == odd);
    CHECK(lines[0].id == "18446744073709551616");
    CHECK(lines[0].fields["upstream"] == "primary");
    CHECK(lines[1].message == back);
    CHECK(lines[1].method == "a/b");
    CHECK(lines[2].fields["status"] == "success");
    CHECK(lines[2].fields["request_seq"] == 0);
    CHECK(lines[2].fields["response_seq"] == 1);
    CHECK(lines[4].fields["reason"] == "client left");
    CHECK(studio.counted("frames") == 2);
    CHECK(studio.counted("bytes") ==
          static_cast<std::int64_t>(std::filesystem::file_size(studio.only_tape())));
}

TEST_CASE("correlation is by id, its type and the direction; errors and the unanswered are told") {
    Studio studio;
    studio.take(scene::message(R"({"jsonrpc":"2.0","id":1,"method":"a"})"));
    studio.take(scene::message(R"({"jsonrpc":"2.0","id":"1","method":"b"})"));
    studio.take(scene::answer(R"({"jsonrpc":"2.0","id":1,"method":"from-server"})"));
    studio.take(scene::answer(R"({"jsonrpc":"2.0","id":"1","error":{"code":1,"message":"m"}})"));
    studio.take(scene::answer(R"({"jsonrpc":"2.0","id":9,"result":{}})"));
    studio.take(scene::message(R"({"jsonrpc":"2.0","id":1,"result":{}})"));
    studio.end();
    std::string told;
    for (const TapeLine& line : scene::lines_of(studio.only_tape()))
        if (line.kind == TapeLine::Kind::correlation)
            told += line.fields["method"].get<std::string>() + "=" +
                    line.fields["status"].get<std::string>() + " ";
    CHECK(told == "b=error from-server=success a=unanswered ");
}

TEST_CASE("files are the owner's only, and so is the directory") {
    Studio studio;
    const mode_t before = ::umask(0);
    studio.take(scene::message(scene::request(1)));
    studio.end();
    ::umask(before);
    CHECK(mode_of(studio.only_tape()) == 0600);
    CHECK(mode_of(meta_file(studio.only_tape())) == 0600);
    CHECK(mode_of(studio.options.path) == 0700);
}

TEST_CASE("each session has a tape, requests of the stateless era share one") {
    Studio studio;
    studio.take(scene::message(scene::request(1), scene::Said("s1", {})));
    studio.take(scene::message(scene::request(1), scene::Said("s2", {})));
    for (const std::string session : {"r1", "r2"}) {
        scene::Said said(session, {});
        said.era = sdk::Era::stateless;
        said.exchange = 17;
        said.worker = session == "r1" ? 0 : 3;
        studio.take(scene::event(Kind::session_opened, session));
        studio.take(scene::message(scene::request(1), said));
        studio.take(scene::answer(scene::result(1), said));
        studio.take(scene::event(Kind::session_closed, session));
        studio.take(scene::event(Kind::stream_closed, session));
    }
    studio.end();
    REQUIRE(studio.tapes().size() == 3);
    for (const auto& tape : studio.tapes()) {
        if (tape.string().find("-stateless-") == std::string::npos) {
            CHECK(scene::kinds_of(tape) == "fce");
            continue;
        }
        CHECK(scene::kinds_of(tape) ==
              "vffcvv"
              "vffcvv"
              "e");
        const auto lines = scene::lines_of(tape);
        CHECK(lines[1].exchange == 17'000);
        CHECK(lines[7].exchange == 17'003);
        CHECK(lines[7].fields["session"] == "r2");
    }
}

TEST_CASE("requests of the stateless era that share label and id are told apart") {
    Studio studio;
    scene::Said first("stateless", {});
    first.era = sdk::Era::stateless;
    first.exchange = 1;
    scene::Said second = first;
    second.exchange = 2;
    studio.take(scene::message(scene::request(7, "slow"), first));
    studio.take(scene::message(scene::request(7, "quick"), second));
    studio.take(scene::answer(scene::result(7), second));
    studio.take(scene::event(Kind::session_closed, "stateless"));
    studio.take(scene::answer(scene::result(7), first));
    studio.end();
    std::string told;
    for (const TapeLine& line : scene::lines_of(studio.only_tape()))
        if (line.kind == TapeLine::Kind::correlation)
            told += line.fields["method"].get<std::string>() + " ";
    CHECK(told == "quick slow ");
}

TEST_CASE("what comes before the first message is on the tape, what comes late isn't") {
    Studio studio;
    studio.take(scene::event(Kind::stderr_line, "", "starting", sdk::Hop::upstream));
    studio.take(scene::event(Kind::session_opened, "s1", "127.0.0.1:5"));
    studio.take(scene::event(Kind::session_opened, "s2"));
    studio.take(scene::message(scene::request(1)));
    studio.take(scene::event(Kind::session_closed, "s2"));
    studio.take(scene::event(Kind::session_closed, "s1"));
    studio.take(scene::message(scene::request(2)));
    studio.end();
    CHECK(scene::kinds_of(studio.only_tape()) == "vvfvce");
    CHECK(scene::meta_of(studio.only_tape()).client == "127.0.0.1:5");
}

TEST_CASE("without events only messages are written, and the metadata still knows") {
    Studio studio(sdk::Json{{"events", false}});
    studio.take(scene::event(Kind::session_opened, "s1", "127.0.0.1:5"));
    studio.take(scene::message(scene::request(1)));
    studio.take(scene::event(Kind::stderr_line, "s1", "x", sdk::Hop::upstream));
    studio.take(scene::event(Kind::link_opened, "s1", "server --token t", sdk::Hop::upstream));
    studio.take(scene::event(Kind::session_closed, "s1"));
    studio.flush();
    CHECK(scene::kinds_of(studio.only_tape()) == "fce");
    CHECK(scene::meta_of(studio.only_tape()).client == "127.0.0.1:5");
    CHECK(scene::meta_of(studio.only_tape()).target.starts_with("server --token [redacted:"));
}

TEST_CASE("only the methods that are wanted, and the responses to them") {
    Studio studio(sdk::Json{{"methods", {"tools/call"}}});
    studio.take(scene::message(scene::request(1, "tools/call")));
    studio.take(scene::answer(scene::result(2)));
    studio.take(scene::answer(scene::result(1)));
    studio.end();
    CHECK(scene::kinds_of(studio.only_tape()) == "ffce");
    CHECK(studio.counted("frames") == 2);
}

TEST_CASE("secrets don't reach the disk, and the frame says so") {
    Studio studio;
    studio.take(scene::message(
        R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"requestState":"s3cr3t"}})"));
    studio.take(scene::message(scene::request(2)));
    studio.end();
    CHECK(Scratch::text(studio.only_tape()).find("s3cr3t") == std::string::npos);
    const auto lines = scene::lines_of(studio.only_tape());
    CHECK(lines[0].redacted);
    CHECK_FALSE(lines[1].redacted);
}

TEST_CASE("a name that is secret isn't repeated beside the message") {
    Studio studio(
        sdk::Json{{"redact", {{"pointers", {"/params/uri"}}, {"patterns", {"hidden[0-9]"}}}}});
    studio.take(scene::message(
        R"({"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"db://s3cr3t"}})"));
    studio.take(scene::answer(scene::result(1)));
    studio.take(scene::message(
        R"({"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"hidden7"}})"));
    studio.end();
    const std::string text = Scratch::text(studio.only_tape());
    CHECK(text.find("s3cr3t") == std::string::npos);
    CHECK(text.find("hidden7") == std::string::npos);
    CHECK(scene::lines_of(studio.only_tape())[0].name.starts_with("[redacted:"));
}

TEST_CASE("metadata: while recording, and at the end") {
    Studio studio;
    studio.take(scene::message(scene::request(1)));
    studio.flush();
    CHECK((scene::meta_of(studio.only_tape()).status == TapeMeta::Status::recording));
    studio.take(scene::answer(R"({"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"m"}})"));
    studio.flush();
    studio.later(std::chrono::seconds(11));
    studio.flush();
    CHECK(scene::meta_of(studio.only_tape()).stats.frames == 2);
    studio.end();
    const TapeMeta meta = scene::meta_of(studio.only_tape());
    CHECK((meta.status == TapeMeta::Status::finalized));
    CHECK_FALSE(meta.finalized_at.empty());
    CHECK(meta.session == "s1");
    CHECK(meta.upstream == "primary");
    CHECK(meta.name == studio.only_tape().stem());
    CHECK(meta.stats.errors == 1);
    CHECK(meta.stats.client_to_server == 1);
    CHECK(meta.stats.server_to_client == 1);
    CHECK(meta.stats.correlations == 1);
    CHECK(meta.stats.bytes == std::filesystem::file_size(studio.only_tape()));
}

TEST_CASE("one file: exactly that, the next sessions get numbers, and nothing is overwritten") {
    const Scratch elsewhere;
    elsewhere.write("a.jsonl", "precious\n");
    for (int run = 0; run < 2; ++run) {
        Studio studio(
            sdk::Json{{"path", elsewhere.file(run == 0 ? "b.jsonl" : "a.jsonl").string()}});
        studio.take(scene::message(scene::request(1), scene::Said("s1", {})));
        studio.take(scene::message(scene::request(1), scene::Said("s2", {})));
        studio.end();
    }
    CHECK(Scratch::text(elsewhere.file("a.jsonl")) == "precious\n");
    for (const std::string name : {"b.jsonl", "b-2.jsonl", "a-2.jsonl", "a-3.jsonl"})
        CHECK(scene::kinds_of(elsewhere.file(name)) == "fce");
}

TEST_CASE("symbolic links aren't written through") {
    const Scratch elsewhere;
    elsewhere.write("target", "");
    std::filesystem::create_symlink("target", elsewhere.file("a.jsonl"));
    Studio studio(sdk::Json{{"path", elsewhere.file("a.jsonl").string()}});
    studio.take(scene::message(scene::request(1)));
    studio.end();
    CHECK(Scratch::text(elsewhere.file("target")).empty());
    CHECK(scene::kinds_of(elsewhere.file("a-2.jsonl")) == "fce");
}

TEST_CASE("a tape that grows goes on in another part, and reads as one") {
    Studio studio(sdk::Json{{"max_file_bytes", 16384}});
    for (int id = 0; id < 300; ++id) {
        studio.take(scene::message(scene::request(id)));
        studio.take(scene::answer(scene::result(id)));
    }
    studio.end();
    const auto files = studio.tapes();
    CHECK(files.size() > 3);
    std::uint64_t frames = 0;
    for (const TapeLine& line : scene::lines_of(tapes_in(studio.options.path).front()))
        if (line.kind == TapeLine::Kind::frame) CHECK(line.seq == frames++);
    CHECK(frames == 600);
    for (const auto& file : files)
        CHECK(std::filesystem::file_size(file) < 16384 + 2048);
    const TapeMeta meta = scene::meta_of(tapes_in(studio.options.path).front());
    CHECK(meta.parts == files.size());
}

TEST_CASE("a checkpoint every thousand frames") {
    Studio studio;
    for (int id = 0; id < 1500; ++id)
        studio.take(scene::message(scene::request(id)));
    studio.flush();
    const std::string kinds = scene::kinds_of(studio.only_tape());
    CHECK(kinds.find('k') == 1000);
    CHECK(std::count(kinds.begin(), kinds.end(), 'k') == 1);
}
