// SPDX-License-Identifier: Apache-2.0
// `tape diff`: what counts as a difference between two runs.
#include "cli/testing/tape_bench.hpp"

#include <doctest/doctest.h>

using namespace shadowcat;
using namespace shadowcat::tape;

namespace {

bool holds(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

std::string call(const std::string& id, const std::string& name, const std::string& arguments,
                 const std::string& meta = "") {
    return R"({"jsonrpc":"2.0","id":)" + id + R"(,"method":"tools/call","params":{"name":")" +
           name + R"(","arguments":)" + arguments + meta + "}}";
}

std::string answer(const std::string& id, const std::string& text) {
    return R"({"jsonrpc":"2.0","id":)" + id + R"(,"result":{"content":[{"type":"text","text":")" +
           text + R"("}]}})";
}

RanCommand compared(const TapeText& a, const TapeText& b, std::vector<std::string> more = {}) {
    TapeBench bench;
    bench.write("a.jsonl", a.text());
    bench.write("b.jsonl", b.text());
    std::vector<std::string> arguments = {"diff", bench.path("a.jsonl"), bench.path("b.jsonl")};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return bench.run(arguments);
}

}  // namespace

TEST_CASE("a tape is the same as itself") {
    const RanCommand ran = compared(short_session(), short_session());
    CHECK(ran.code == 0);
    CHECK(ran.out == "no differences in 4 exchanges\n");
}

TEST_CASE("ids, tokens, times and UUIDs are no differences") {
    TapeText a, b;
    a.client(
        1, call("1", "run", R"({"at":"2026-01-01T00:00:00Z"})", R"(,"_meta":{"progressToken":1})"),
        1);
    a.server(
        2,
        R"({"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1,"progress":5}})",
        "", 1);
    a.server(3, answer("1", "done at 2026-01-01T00:00:01Z, 123e4567-e89b-12d3-a456-426614174000"),
             "tools/call", 1);
    b.client(7,
             call("\"x\"", "run", R"({"at":"2027-02-02T11:11:11Z"})",
                  R"(,"_meta":{"progressToken":"p"})"),
             9);
    b.server(
        8,
        R"({"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"p","progress":5}})",
        "", 9);
    b.server(900,
             answer("\"x\"", "done at 2027-02-02T11:11:12Z, 00000000-e89b-12d3-a456-426614174fff"),
             "tools/call", 9);
    CHECK(compared(a, b).out == "no differences in 1 exchanges\n");
    const RanCommand exact = compared(a, b, {"--exact"});
    CHECK(exact.code == 1);
    CHECK(holds(exact.out, "/result/content/0/text: "));
}

TEST_CASE("answers are compared whatever order they came in") {
    TapeText a, b;
    a.client(1, call("1", "x", "{}")).client(2, call("2", "y", "{}"));
    a.server(3, answer("1", "one")).server(4, answer("2", "two"));
    b.client(1, call("7", "x", "{}")).client(2, call("8", "y", "{}"));
    b.server(3, answer("8", "two")).server(4, answer("7", "one"));
    CHECK(compared(a, b).code == 0);
}

TEST_CASE("another answer is a difference, with its path") {
    TapeText a, b;
    a.client(1, call("1", "echo", "{}")).server(2, answer("1", "hi"));
    b.client(1, call("5", "echo", "{}")).server(2, answer("5", "ho"));
    const RanCommand ran = compared(a, b);
    CHECK(ran.code == 1);
    CHECK(ran.out ==
          "~ tools/call echo (frame 0 | 0)\n"
          "    /result/content/0/text: \"hi\" → \"ho\"\n"
          "1 difference; 1 exchanges compared\n");
    CHECK(compared(a, b, {"--ignore", "/result/content/*/text"}).code == 0);
    CHECK(compared(a, b, {"--ignore", "/**/text"}).code == 0);
}

TEST_CASE("an error instead of a result, and an answer that never came") {
    TapeText a, b;
    a.client(1, call("1", "x", "{}")).server(2, answer("1", "fine"));
    a.client(3, call("2", "y", "{}")).server(4, answer("2", "fine"));
    b.client(1, call("1", "x", "{}"));
    b.server(2, R"({"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":"boom"}})");
    b.client(3, call("2", "y", "{}"));
    const RanCommand ran = compared(a, b);
    CHECK(ran.code == 1);
    CHECK(holds(ran.out, "    /error: added {\"code\":-32603,\"message\":\"boom\"}\n"));
    CHECK(holds(ran.out, "~ tools/call y (frame 2 | 2)\n    /result: missing "));
}

TEST_CASE("calls that only one tape has, other arguments, another order") {
    TapeText a, b;
    for (const char* name : {"one", "two", "three", "four"})
        a.client(1, call("\"" + std::string(name) + "\"", name, "{}"));
    a.client(2, call("9", "args", R"({"x":1})"));
    for (const char* name : {"four", "one", "extra", "three"})
        b.client(1, call("\"" + std::string(name) + "\"", name, "{}"));
    b.client(2, call("9", "args", R"({"x":2})"));
    const RanCommand ran = compared(a, b);
    CHECK(ran.code == 1);
    CHECK(holds(ran.out, "- tools/call two (frame 1): only on the first tape\n"));
    CHECK(holds(ran.out, "+ tools/call extra (frame 2): only on the second tape\n"));
    CHECK(holds(ran.out, "~ tools/call four (frame 3 | 0): in another order\n"));
    CHECK(holds(ran.out, "~ tools/call args (frame 4 | 4)\n    /params/arguments/x: 1 → 2\n"));
    CHECK(holds(ran.out, "4 differences; 4 exchanges compared\n"));
}

TEST_CASE("what a server says by itself is compared on its own") {
    TapeText a, b;
    a.server(1, R"({"jsonrpc":"2.0","method":"notifications/message","params":{"data":"up"}})");
    a.client(2, call("1", "x", "{}")).server(3, answer("1", "fine"));
    b.client(2, call("1", "x", "{}"));
    b.server(3, R"({"jsonrpc":"2.0","method":"notifications/message","params":{"data":"up"}})");
    b.server(4, answer("1", "fine"));
    CHECK(compared(a, b).code == 0);
    b.server(5, R"({"jsonrpc":"2.0","method":"notifications/tools/list_changed"})");
    CHECK(holds(compared(a, b).out, "+ notifications/tools/list_changed (frame 3): only on the"));
}

TEST_CASE("long tapes are aligned in bounded memory, past insertions") {
    TapeText a, b;
    for (int i = 0; i < 3000; ++i) {
        const std::string id = std::to_string(i);
        a.client(i, call(id, "n" + id, "{}")).server(i, answer(id, "t"));
        if (i % 500 == 250) b.client(i, call("\"n\"", "inserted", "{}"));
        b.client(i, call(id, "n" + id, "{}")).server(i, answer(id, i == 2999 ? "u" : "t"));
    }
    const RanCommand ran = compared(a, b);
    CHECK(holds(ran.out, "~ tools/call n2999 (frame 5998 | 6004)\n"));
    CHECK(holds(ran.out, "7 differences; 3000 exchanges compared\n"));
}

TEST_CASE("differences as JSON lines") {
    TapeText a, b;
    a.client(1, call("1", "echo", "{}")).server(2, answer("1", "hi"));
    b.client(1, call("5", "echo", "{}")).server(2, answer("5", "ho"));
    const RanCommand ran = compared(a, b, {"--json"});
    const auto line = sdk::Json::parse(ran.out.substr(0, ran.out.find('\n')));
    CHECK(line["kind"] == "value");
    CHECK(line["call"] == "tools/call echo");
    CHECK(line["pointer"] == "/result/content/0/text");
    CHECK(line["actual"] == "\"ho\"");
    CHECK(holds(ran.out, R"({"compared":1,"differences":1})"));
}

TEST_CASE("a tape that can't be read is 2, so that it isn't taken for a difference") {
    TapeBench bench;
    bench.write("a.jsonl", short_session().text());
    CHECK(bench.run({"diff", "a", "b"}).code == 2);
    const RanCommand bad = bench.run({"diff", "a", "a", "--ignore", "result"});
    CHECK(bad.code == 2);
    CHECK(holds(bad.errors, "tape diff: --ignore: 'result' is no JSON pointer"));
}
