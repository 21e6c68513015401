// SPDX-License-Identifier: Apache-2.0
// Every action: what comes out for a message that goes in.
#include "rules/testing.hpp"

using namespace shadowcat;
using namespace shadowcat::intercept;
using namespace shadowcat::intercept::testing;

namespace {

/// What becomes of `bytes` when a rule for every message does `actions`.
std::string done(const std::string& actions, const std::string& bytes) {
    Scene scene(one_rule("{}", actions));
    return scene.pass(bytes).text();
}

/// `text` with `from`, which it holds once, replaced.
std::string changed(std::string text, const std::string& from, const std::string& to) {
    const std::size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("edits change what they name and not a byte elsewhere") {
    CHECK(done("[set: {/params/arguments/path: /tmp/x}]", kCall) ==
          "pass: " + changed(kCall, "/etc/passwd", "/tmp/x"));
    CHECK(done("[set: {/params/arguments/n: 98765432109876543210}]", kCall) ==
          "pass: " + changed(kCall, "12345678901234567890", "98765432109876543210"));
    CHECK(
        done(
            "[set: {/params/_meta/a: '${/params/arguments/n}', /params/name: 'x-${/params/name}'}]",
            kCall) ==
        "pass: " + changed(changed(kCall, "true}}", R"(true,"_meta":{"a":12345678901234567890}}})"),
                           "\"echo\"", "\"x-echo\""));
    CHECK(done("[remove: [/params/arguments/n, /params/x-unknown, /params/none]]", kCall) ==
          "pass: " + changed(changed(kCall, R"("n": 12345678901234567890,)", ""),
                             R"(,"x-unknown":true)", ""));
    CHECK(done(R"([replace: {pointer: /result, pattern: 'sk-\d(\d*)', with: 'sk-*\1'}])",
               kResult) == "pass: " + changed(kResult, "sk-123 and sk-4", "sk-*23 and sk-*"));
    CHECK(done("[set: {/error/message: nope}]", kError) ==
          "pass: " + changed(kError, "no such method", "nope"));
}

TEST_CASE("edits of members that a message of its kind can't have are passed over") {
    CHECK(done("[set: {/params/x: 1}]", kResult) == "pass: " + kResult);
    CHECK(done("[set: {/result/x: 1}, remove: [/error/code]]", kCall) == "pass: " + kCall);
    CHECK(done("[replace: {pointer: /params, pattern: e, with: x}]", kError) == "pass: " + kError);
}

TEST_CASE("what is edited keeps its id, with its type") {
    for (const char* id : {"7", "\"7\"", "0", "9223372036854775808", "\"\\u0061\""}) {
        const std::string call = changed(kCall, "\"id\":7", std::string("\"id\":") + id);
        Scene scene(one_rule("{}", "[set: {/params/name: other}]"));
        const Passed passed = scene.pass(call);
        CHECK(passed.message.id() == id);
        CHECK(passed.message.name() == "other");
    }
}

TEST_CASE("an edit that makes no valid message of the same kind is refused, and told") {
    const char* refused[] = {
        "[set: {/params/_meta: {a: 1}, /params/_meta/b/c: 2, /params/name/x: 3}]",
        "[set: {/method: 7}]",
        "[remove: [/method]]",
        "[set: {/params: [1, 2], /params/x: 1}]",
        "[set: {/result: {}}, remove: [/method]]",
    };
    for (const char* actions : refused) {
        CAPTURE(actions);
        Scene scene(one_rule("{}", actions));
        CHECK(scene.pass(kCall).text() == "pass: " + kCall);
        CHECK(scene.counted("r")["failed"] == 1);
    }
}

TEST_CASE("block answers requests, replaces responses, and takes notifications away") {
    CHECK(
        done("[block: {}]", kCall) ==
        R"(answer: {"jsonrpc":"2.0","id":7,"error":{"code":-32000,"message":"blocked by a rule"}})");
    const std::string own = "[block: {code: 418, message: \"a \\\"pot\\\"\", data: {n: 1e400}}]";
    CHECK(
        done(own, kError) ==
        R"(answer: {"jsonrpc":"2.0","id":"7","error":{"code":418,"message":"a \"pot\"","data":{"n":1e400}}})");
    CHECK(done("[block: {}]", kNotification) == "drop");
}

TEST_CASE("mock answers in the server's place") {
    CHECK(
        done("[mock: {result: {content: [{type: text, text: 'hi ${/params/name}'}], n: "
             "'${/params/arguments/n}'}}]",
             kCall) ==
        R"(answer: {"jsonrpc":"2.0","id":7,"result":{"content":[{"type":"text","text":"hi echo"}],"n":12345678901234567890}})");
    CHECK(done("[mock: {error: {code: 5, message: no}}]", kCall) ==
          R"(answer: {"jsonrpc":"2.0","id":7,"error":{"code":5,"message":"no"}})");
    CHECK(done("[mock: {result: {was: '${/error/code}'}}]", kError) ==
          R"(answer: {"jsonrpc":"2.0","id":"7","result":{"was":-32601}})");
    Scene scene(one_rule("{}", "[mock: {result: {}}]"));
    CHECK(scene.pass(kNotification).text() == "pass: " + kNotification);
    CHECK(scene.counted("r")["failed"] == 1);
}

TEST_CASE("drop and faults give the verdict that the core performs") {
    CHECK(done("[drop]", kCall) == "drop");
    CHECK(done("[drop: {}]", kResult) == "drop");
    CHECK(done("[fault: close_stream]", kResult) == "sever");
    CHECK(done("[fault: kill_server]", kCall) == "kill_server");
    CHECK(done("[fault: corrupt]", kResult) ==
          "pass: " + kResult.substr(0, kResult.size() - 1) + "!");
}

TEST_CASE("break asks the breakpoints, and obeys") {
    Scene scene(
        one_rule("{}", "[break: {deadline_secs: 9, at_deadline: drop}, set: {/params/name: x}]"));
    scene.breakpoints->edited = changed(kCall, "/etc/passwd", "/edited");
    CHECK(scene.pass(kCall).text() ==
          "pass: " + changed(changed(kCall, "/etc/passwd", "/edited"), "\"echo\"", "\"x\""));
    REQUIRE(scene.breakpoints->asked.size() == 1);
    const PauseSettings& asked = scene.breakpoints->asked.front();
    CHECK(asked.rule == "r");
    CHECK(asked.deadline == std::chrono::seconds(9));
    CHECK(asked.at_deadline == PauseSettings::AtDeadline::drop);
    scene.breakpoints->drops = true;
    CHECK(scene.pass(kCall).text() == "drop");
}

TEST_CASE("break alone waits five minutes and then resumes") {
    Scene scene(one_rule("{}", "[break]"));
    scene.pass(kCall);
    CHECK(scene.breakpoints->asked.at(0).deadline == std::chrono::seconds(300));
    CHECK(scene.breakpoints->asked.at(0).at_deadline == PauseSettings::AtDeadline::resume);
}

TEST_CASE("actions follow each other, rules see what those before them made") {
    Scene scene(R"(
rules:
  - {name: first, match: {tool: echo}, do: [set: {/params/name: second}, log: {level: debug}]}
  - {name: second, match: {tool: second}, do: [set: {/method: ping}]}
  - {name: not-reached, match: {method: tools/call}, do: [drop]}
  - {name: third, match: {method: ping}, stop: true, do: [set: {/params/seen: true}]}
  - {name: stopped, do: [drop]}
)");
    const Passed passed = scene.pass(kCall);
    CHECK(passed.kind() == sdk::Verdict::Kind::pass);
    CHECK(passed.message.method() == "ping");
    CHECK(passed.message.name() == "second");
    CHECK(passed.message.bytes().find("\"seen\":true") != std::string::npos);
    CHECK(scene.counted("not-reached")["matches"] == 0);
    CHECK(scene.counted("stopped")["matches"] == 0);
}

TEST_CASE("an action that ends ends the rules too") {
    Scene scene("rules: [{name: a, do: [drop, set: {/params/x: 1}]}, {name: b, do: [drop]}]");
    CHECK(scene.pass(kCall).text() == "drop");
    CHECK(scene.counted("b")["matches"] == 0);
}

TEST_CASE("what rules do is counted by rule and action") {
    Scene scene(one_rule("{kind: request, every: 2}",
                         "[set: {/params/x: 1}, set: {/params/name/y: 1}, remove: /params/none]"));
    for (int i = 0; i < 4; ++i)
        scene.pass(kCall);
    CHECK(scene.counted("r") == sdk::Json::parse(R"({"matches":2,"applied":2,"failed":2,"actions":{
              "set":{"applied":2,"failed":2},"remove":{"applied":0,"failed":0}}})"));
    CHECK(scene.metrics.counter("shadowcat_rule_matches_total", "", {{"rule", "r"}}).value() == 2);
    CHECK(scene.metrics
              .counter("shadowcat_rule_actions_total", "",
                       {{"rule", "r"}, {"action", "set"}, {"outcome", "failed"}})
              .value() == 2);
}
