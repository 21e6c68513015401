// SPDX-License-Identifier: Apache-2.0
// `tape validate`: every problem with its line.
#include "cli/testing/tape_bench.hpp"

#include <doctest/doctest.h>

using namespace shadowcat;
using namespace shadowcat::tape;

namespace {

bool holds(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

RanCommand validated(const TapeText& tape) {
    TapeBench bench;
    bench.write("one.jsonl", tape.text());
    return bench.run({"validate", "one"});
}

}  // namespace

TEST_CASE("a sound tape is good") {
    const RanCommand ran = validated(short_session());
    CHECK(ran.code == 0);
    CHECK(ran.out == "one: good (7 frames, 0 warnings, 0 notes)\n");
}

TEST_CASE("every problem is told, with its line") {
    TapeText tape;
    tape.client(1, R"({"jsonrpc":"2.0","id":1,"method":"tools/list"})");
    tape.raw("garbage");
    tape.client(2, R"({"jsonrpc":"2.0","id":1,"method":"tools/list"})");
    tape.server(3, R"({"jsonrpc":"2.0","id":"1","result":{}})");
    tape.raw(R"({"type":"hologram"})");
    tape.seq += 2;
    tape.server(1, R"({"jsonrpc":"2.0","id":1,"result":{}})");
    const RanCommand ran = validated(tape);
    CHECK(ran.code == 1);
    CHECK(holds(ran.out,
                "  line 2: warning: the session begins without initialize: request 1 (tools/list) "
                "comes first\n"));
    CHECK(holds(ran.out, "  line 3: error: skipped: no JSON object\n"));
    CHECK(holds(ran.out,
                "  line 4: error: request 1 (tools/list) has the id of one that still waits for "
                "its answer (frame 0)\n"));
    CHECK(holds(ran.out,
                "  line 5: error: frame 2 answers a request that isn't on the tape (id \"1\")\n"));
    CHECK(holds(ran.out, "  line 6: note: "));
    CHECK(holds(ran.out, "  line 7: error: "));
    CHECK(holds(ran.out, "  note: the tape has no end: "));
}

TEST_CASE("a torn end is a note while a tape may still be recorded, an error behind its end") {
    TapeBench bench;
    TapeText tape;
    tape.client(1, R"({"jsonrpc":"2.0","id":1,"method":"ping"})");
    bench.write("one.jsonl", tape.text() + "{\"type\":\"fra");
    const RanCommand recording = bench.run({"validate", "one"});
    CHECK(recording.code == 0);
    CHECK(holds(recording.out, "line 3: note: the last line has no end"));
    bench.write("two.jsonl", short_session().text() + "{\"type\":\"fra");
    CHECK(bench.run({"validate", bench.path("two.jsonl")}).code == 1);
}

TEST_CASE("a tape without init is one error; the others are still checked") {
    TapeBench bench;
    bench.write("bad.jsonl", "{\"type\":\"frame\"}\n");
    bench.write("good.jsonl", short_session().text());
    const RanCommand ran =
        bench.run({"validate", bench.path("bad.jsonl"), bench.path("good.jsonl")});
    CHECK(ran.code == 1);
    CHECK(holds(ran.out, "bad.jsonl: 1 error (0 frames, 0 warnings, 0 notes)\n  error: "));
    CHECK(holds(ran.out, "good.jsonl: good (7 frames"));
}

TEST_CASE("frames that disagree with their messages") {
    TapeText tape = short_session();
    tape.raw(
        R"({"type":"frame","seq":7,"ts":3000,"dir":"client_to_server","kind":"request","method":"ping","id":5,"msg":{"jsonrpc":"2.0","id":6,"method":"pong"}})");
    const RanCommand ran = validated(tape);
    CHECK(ran.code == 1);
    CHECK(holds(ran.out, "frame 7: its id isn't its message's"));
    CHECK(holds(ran.out, "frame 7: its method isn't its message's"));
    CHECK(holds(ran.out, "frame 7 follows the end"));
}

TEST_CASE("what is lost excuses answers without requests") {
    TapeText tape;
    tape.client(1, R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":{}})");
    tape.raw(R"({"type":"gap","ts":2,"dropped":3,"bytes":100,"reason":"queue_full"})");
    tape.server(3, R"({"jsonrpc":"2.0","id":9,"result":{}})");
    tape.end(4);
    const RanCommand ran = validated(tape);
    CHECK(ran.code == 0);
    CHECK(holds(ran.out, "line 3: warning: gap: 3 lines were lost (queue_full)"));
    CHECK(holds(ran.out, "line 4: note: frame 1 answers a request that isn't on the tape"));
}

TEST_CASE("problems as JSON lines") {
    TapeBench bench;
    TapeText tape = short_session();
    tape.raw("garbage");
    bench.write("one.jsonl", tape.text());
    const RanCommand ran = bench.run({"validate", "one", "--json"});
    CHECK(ran.code == 1);
    std::istringstream lines(ran.out);
    std::string line;
    REQUIRE(std::getline(lines, line));
    const auto problem = sdk::Json::parse(line);
    CHECK(problem["kind"] == "bad_line");
    CHECK(problem["line"] == 10);
    CHECK(problem["severity"] == "error");
    REQUIRE(std::getline(lines, line));
    CHECK(sdk::Json::parse(line)["errors"] == 1);
    CHECK(sdk::Json::parse(line)["frames"] == 7);
}

TEST_CASE("more problems than can be listed are counted") {
    TapeText tape = short_session();
    for (int i = 0; i < 1500; ++i)
        tape.raw("garbage");
    const RanCommand ran = validated(tape);
    CHECK(holds(ran.out, "one: 1500 errors ("));
    CHECK(holds(ran.out, "  and 500 more\n"));
}
