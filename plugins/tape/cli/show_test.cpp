// SPDX-License-Identifier: Apache-2.0
// `tape show`: what people see of a tape.
#include "cli/testing/tape_bench.hpp"

#include <doctest/doctest.h>

#include <thread>

using namespace shadowcat;
using namespace shadowcat::tape;

TEST_CASE("a header, then one line for each message with its answer's time") {
    TapeBench bench;
    bench.write("one.jsonl", short_session().text());
    const RanCommand ran = bench.run({"show", "one"});
    CHECK(ran.code == 0);
    CHECK(ran.errors.empty());
    CHECK(lines_of(ran.out) == 9);
    CHECK(ran.out.starts_with("tape 3f2a6c1e-0000-4000-8000-000000000001"));
    CHECK(holds(ran.out, "  session s-1  upstream demo"));
    CHECK(holds(ran.out,
                "      3     0.010  → tools/call echo #1  108 B  {\"message\":\"it's $HOME\"}\n"));
    CHECK(holds(ran.out, "← tools/call → result 12.5 ms #1  83 B  {\"content\":"));
    CHECK(holds(ran.out, "← tools/call → error 500.0 ms #\"a\"  "));
    CHECK(holds(ran.out, "· end: client closed\n"));
    CHECK_FALSE(holds(ran.out, "\x1b"));
}

TEST_CASE("the header tells what only the metadata know") {
    TapeBench bench;
    TapeText tape;
    tape.init.upstream.clear();
    TapeMeta meta;
    meta.tape_id = tape.init.tape_id;
    meta.created_at = tape.init.created_at;
    meta.upstream = "primary";
    meta.revision = "2025-06-18";
    REQUIRE(write_meta(bench.write("one.jsonl", tape.text()), meta).has_value());
    CHECK(holds(bench.run({"show", "one"}).out, "  upstream primary  revision 2025-06-18"));
}

TEST_CASE("a tape is found by its id") {
    TapeBench bench;
    bench.write("one.jsonl", short_session().text());
    CHECK(bench.run({"show", "3f2a"}).code == 0);
    CHECK(bench.run({"show", bench.path("one.jsonl")}).code == 0);
}

TEST_CASE("only certain methods, directions and parts") {
    TapeBench bench;
    bench.write("one.jsonl", short_session().text());
    const RanCommand calls = bench.run({"show", "one", "--method", "tools/*"});
    CHECK(lines_of(calls.out) == 6);  // header, four frames, end
    CHECK_FALSE(holds(calls.out, "initialize"));
    const RanCommand server = bench.run({"show", "one", "--direction", "server"});
    CHECK_FALSE(holds(server.out, "→ tools/call echo"));
    CHECK(lines_of(server.out) == 5);
    const RanCommand few = bench.run({"show", "one", "--limit", "2"});
    CHECK(lines_of(few.out) == 3);
    const RanCommand middle = bench.run({"show", "one", "--from", "3", "--to", "4"});
    CHECK(lines_of(middle.out) == 3);
    CHECK(holds(middle.out, "→ tools/call echo"));
    const RanCommand late = bench.run({"show", "one", "--from", "1s", "--to", "2.2s"});
    CHECK(lines_of(late.out) == 2);
    CHECK(holds(late.out, "→ tools/call add"));
}

TEST_CASE("whole messages keep their numbers") {
    TapeBench bench;
    bench.write("one.jsonl", short_session().text());
    const RanCommand ran = bench.run({"show", "one", "--full", "--from", "5", "--limit", "1"});
    CHECK(holds(ran.out, "\n              \"a\": 12345678901234567890\n"));
}

TEST_CASE("JSON lines are the tape's") {
    TapeBench bench;
    const std::string text = short_session().text();
    bench.write("one.jsonl", text);
    const std::string out = bench.run({"show", "one", "--json"}).out;
    CHECK(lines_of(out) == lines_of(text));
    // Up to the end line byte by byte; of other lines only the members' order may differ.
    const std::size_t end = text.find("{\"type\":\"end\"");
    CHECK(out.substr(0, end) == text.substr(0, end));
    CHECK(out.substr(end).starts_with("{\"type\":\"end\","));
    CHECK(sdk::Json::parse(out.substr(end)) == sdk::Json::parse(text.substr(end)));
}

TEST_CASE("what a peer wrote can't command the terminal") {
    TapeBench bench;
    TapeText tape;
    tape.client(
        1,
        R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"\u001b[2J","arguments":{"x":")"
        "\u009b\u202e"
        R"("}}})");
    tape.raw(
        R"({"type":"event","ts":2,"event":"stderr_line","hop":"upstream","text":"\u001b]0;x\u0007"})");
    bench.write("one.jsonl", tape.text());
    for (const char* how : {"--full", "--events"}) {
        const RanCommand ran = bench.run({"show", "one", how});
        CHECK(ran.code == 0);
        CHECK_FALSE(holds(ran.out, "\x1b"));
        CHECK_FALSE(holds(ran.out, "\u009b"));
        CHECK_FALSE(holds(ran.out, "\u202e"));
        CHECK(holds(ran.out, "stderr_line upstream \\u001b]0;x\\u0007"));
    }
}

TEST_CASE("a message that fault injection damaged is shown as it is") {
    TapeBench bench;
    TapeText tape;
    tape.client(1, R"({"jsonrpc":"2.0","method":"x"!)");
    bench.write("one.jsonl", tape.text());
    const RanCommand ran = bench.run({"show", "one"});
    CHECK(ran.code == 0);
    CHECK(holds(ran.out, R"({"jsonrpc":"2.0","method":"x"!)"));
}

TEST_CASE("events: the notable, all or none") {
    TapeBench bench;
    TapeText tape;
    tape.raw(
        R"({"type":"event","ts":1,"event":"http_request","hop":"downstream","stream":3,"method":"POST","target":"/mcp"})");
    tape.raw(R"({"type":"event","ts":2,"event":"link_opened","hop":"upstream","text":"pid 7"})");
    bench.write("one.jsonl", tape.text());
    CHECK(lines_of(bench.run({"show", "one"}).out) == 2);
    CHECK(lines_of(bench.run({"show", "one", "--no-events"}).out) == 1);
    const RanCommand all = bench.run({"show", "one", "--events"});
    CHECK(holds(all.out, "· http_request downstream POST /mcp (stream 3)\n"));
    CHECK(holds(all.out, "· link_opened upstream pid 7\n"));
}

TEST_CASE("bad lines are passed over, and said") {
    TapeBench bench;
    TapeText tape = short_session();
    tape.raw("no json").raw("{\"type\":\"frame\"}");
    bench.write("one.jsonl", tape.text());
    const RanCommand ran = bench.run({"show", "one"});
    CHECK(ran.code == 0);
    CHECK(lines_of(ran.out) == 9);
    CHECK(lines_of(ran.errors) == 1);
    CHECK(holds(ran.errors, "shadowcat: line 10: "));
    CHECK(holds(ran.errors, "(and 1 more problems); see 'shadowcat tape validate'"));
}

TEST_CASE("following ends with the tape's end") {
    TapeBench bench;
    const std::string text = short_session().text();
    const std::size_t cut = text.size() - 200;
    const std::string file = bench.write("one.jsonl", text.substr(0, cut));
    std::thread writer([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(150));
        std::ofstream(file, std::ios::app | std::ios::binary) << text.substr(cut);
    });
    const RanCommand ran = bench.run({"show", "one", "--follow"});
    writer.join();
    CHECK(ran.code == 0);
    CHECK(lines_of(ran.out) == 9);
    CHECK(ran.errors.empty());
}

TEST_CASE("a tape that isn't there, or is none") {
    TapeBench bench;
    const RanCommand missing = bench.run({"show", "nothing"});
    CHECK(missing.code == 1);
    CHECK(lines_of(missing.errors) == 1);
    CHECK(holds(missing.errors, "shadowcat: no tape \"nothing\" in "));
    CHECK(bench.run({"show", ".."}).code == 1);
    CHECK(bench.run({"show", "../../etc/passwd"}).code == 1);
    bench.write("text.jsonl", "hello\n");
    const RanCommand none = bench.run({"show", bench.path("text.jsonl")});
    CHECK(none.code == 1);
    CHECK(holds(none.errors, "text.jsonl\" is no tape that can be read: line 1: "));
}
