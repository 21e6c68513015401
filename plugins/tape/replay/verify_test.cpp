// SPDX-License-Identifier: Apache-2.0
// What is asked of a live server, and what its answers are worth.
#include "replay/tape_scene.hpp"
#include "replay/verify_judge.hpp"
#include "replay/verify_plan.hpp"
#include "replay/verify_report.hpp"

#include <sstream>

using namespace shadowcat;
using namespace shadowcat::tape;
using namespace shadowcat::tape::test;

namespace {

Judgement judged(const std::string& recorded, const std::string& live) {
    return judge(parsed(recorded), parsed(live), Ignored());
}

std::vector<std::string> reasons(const Script& script, bool call_tools) {
    std::vector<std::string> all;
    for (const VerifyStep& step : plan_verification(*script.recording(), call_tools))
        all.push_back(step.skipped);
    return all;
}

}  // namespace

TEST_CASE("tools, streams, redacted and unanswered requests are not asked again") {
    const Script script = Script()
                              .client(0, 1, request("1", "initialize"))
                              .server(1, 1, result("1"))
                              .client(2, 2, request("2", "tools/call", tool("x")))
                              .server(3, 2, result("2"))
                              .client(4, 3, request("3", "resources/read"), true)
                              .server(5, 3, result("3"))
                              .client(6, 4, request("4", "tools/list"))
                              .client(7, 5, request("5", "initialize"))
                              .server(8, 5, result("5"))
                              .client(9, 6, request("6", "prompts/list"))
                              .server(9, 6, result("6"));
    CHECK(reasons(script, false) == std::vector<std::string>{"", "not sent without --call-tools",
                                                             "its request was redacted",
                                                             "the tape has no answer to it",
                                                             "the session is open already", ""});
    CHECK(reasons(script, true)[1].empty());
}

TEST_CASE("requests go out with fresh ids and tokens, and without old traces") {
    const HandedOut nothing;
    const sdk::Message old = parsed(request(
        "\"old\"", "tools/list",
        R"({"_meta":{"progressToken":"old","traceparent":"00-1","x":1},"big":9007199254740993})"));
    const auto renewed = renewed_request(old, 4, nothing);
    REQUIRE(renewed.has_value());
    CHECK(renewed->bytes() ==
          request("4", "tools/list",
                  R"({"_meta":{"progressToken":4,"x":1},"big":9007199254740993})"));
}

TEST_CASE("cursors and request states are those of today, or the request is not sent") {
    HandedOut handed_out;
    const sdk::Message next = parsed(request("2", "tools/list", R"({"cursor":"old"})"));
    CHECK(renewed_request(next, 2, handed_out).error().message() ==
          "the server has handed out no cursor for it");
    handed_out.learn(parsed(result("1", R"({"nextCursor":"old"})")),
                     parsed(result("1", R"({"nextCursor":"new"})")));
    CHECK(renewed_request(next, 2, handed_out)->bytes() ==
          request("2", "tools/list", R"({"cursor":"new"})"));
}

TEST_CASE("questions get the recorded answers in turn, or none") {
    const auto recording = Script()
                               .client(0, 1, request("1", "tools/call", tool("ask")))
                               .server(1, 1, request("7", "roots/list"))
                               .client(2, 1, result("7", R"({"roots":[]})"))
                               .server(3, 1, request("8", "sampling/createMessage"))
                               .client(4, 1, result("8", R"({"x":"[redacted]"})"), true)
                               .server(5, 1, result("1"))
                               .recording();
    RecordedAnswers answers(*recording);
    const sdk::Message roots = parsed(request("\"q\"", "roots/list"));
    CHECK(answers.answer(roots).bytes() == result("\"q\"", R"({"roots":[]})"));
    CHECK(answers.answer(roots).kind() == sdk::MessageKind::result);
    const sdk::Message sampling = parsed(request("\"s\"", "sampling/createMessage"));
    CHECK(answers.answer(sampling).kind() == sdk::MessageKind::error);
    CHECK(answers.answer(parsed(request("5", "ping"))).bytes() == result("5"));
}

TEST_CASE("ids, times, cursors and redacted values may differ") {
    CHECK(judged(result("1", R"({"t":"2026-01-01T00:00:00Z","nextCursor":"a"})"),
                 result("2", R"({"nextCursor":"b","t":"2026-02-02T10:00:00Z"})"))
              .kind == Judgement::Kind::ok);
    CHECK(judged(result("1", R"({"a":["[redacted:1a2b3c4d]"]})"), result("1", R"({"a":["x"]})"))
              .kind == Judgement::Kind::ok);
}

TEST_CASE("another value, a missing member, an error instead of a result are differences") {
    const Judgement value = judged(result("1", R"({"n":1})"), result("1", R"({"n":2})"));
    CHECK(value.kind == Judgement::Kind::differs);
    CHECK(value.lines == std::vector<std::string>{"/result/n: 1 → 2"});
    CHECK(
        judged(result("1", R"({"n":1})"), result("1")).lines[0].starts_with("/result/n: missing"));
    const Judgement error = judged(
        result("1"), R"({"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"no\u001b"}})");
    CHECK(error.lines == std::vector<std::string>{"a result → error -32601 (no\\u001b)"});
}

TEST_CASE("what the proxy itself answered says nothing about the server") {
    CHECK(judged(R"({"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":"x",)"
                 R"("data":{"gateway":"shadowcat"}}})",
                 result("1"))
              .kind == Judgement::Kind::skipped);
}

TEST_CASE("the report has a line for each exchange, and JUnit XML that is well-formed") {
    const auto recording =
        Script()
            .client(0, 1, request("1", "initialize"))
            .server(1, 1, result("1"))
            .client(2, 2, request("2", "resources/read", R"({"uri":"a<&\"\u0007>"})"))
            .server(3, 2, result("2"))
            .recording();
    VerifyReport report(*recording);
    std::ostringstream out;
    report.add(0, Judgement(), out);
    report.add(1, Judgement(Judgement::Kind::differs, "/result/x: \"<\" → \"&\""), out);
    CHECK(out.str() ==
          "ok         initialize\n"
          "differs    resources/read a<&\"\\u0007>\n"
          "             /result/x: \"<\" → \"&\"\n");
    CHECK(report.summary() == "2 exchanges: 1 ok, 1 differs");
    CHECK_FALSE(report.passed());
    const std::string xml = report.junit();
    CHECK(xml.find("tests=\"2\" failures=\"1\" errors=\"0\" skipped=\"0\"") != std::string::npos);
    CHECK(xml.find("name=\"frame 2: resources/read a&lt;&amp;&quot;\\u0007&gt;\"") !=
          std::string::npos);
    CHECK(xml.find("message=\"/result/x: &quot;&lt;&quot; → &quot;&amp;&quot;\"") !=
          std::string::npos);
    CHECK(xml_text(std::string("a\0\x1b", 3)) == "a\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST_CASE("a verification that compared nothing has not passed") {
    const auto recording = Script().client(0, 1, request("1", "tools/list")).recording();
    VerifyReport report(*recording);
    std::ostringstream out;
    report.add(0, Judgement(Judgement::Kind::skipped, "why"), out);
    CHECK(out.str() == "skipped    tools/list: why\n");
    CHECK_FALSE(report.compared());
    CHECK_FALSE(report.passed());
}
