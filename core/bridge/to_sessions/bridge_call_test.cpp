// SPDX-License-Identifier: Apache-2.0
// Calls of stateless clients on sessions, as transcripts.
#include "core/bridge/to_sessions/bridge_stage.hpp"

using namespace shadowcat::core;
using namespace shadowcat::core::bridge_test;

namespace {

const std::string kCall = request("0", "tools/call", R"("name":"t")");

std::string log_line(std::string_view level) {
    return R"({"jsonrpc":"2.0","method":"notifications/message","params":{"level":")" +
           std::string(level) + R"(","data":1}})";
}

std::string progress(std::string_view token, int how_far) {
    return R"({"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":)" +
           std::string(token) + R"(,"progress":)" + std::to_string(how_far) + "}}";
}

}  // namespace

TEST_CASE("a call opens a session, which then serves the next one too") {
    BridgeStage stage;
    Client& first = stage.perform(request(
        "0", "tools/call", R"("name":"t","arguments":{"n":9007199254740993})",
        R"({"sampling":{},"tasks":{}})",
        R"("io.modelcontextprotocol/clientInfo":{"name":"c","version":"3"},"traceparent":"00-x")"));
    REQUIRE(stage.service.sessions.size() == 1);
    CHECK(
        stage.session().got ==
        Lines{
            R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{"sampling":{}},"clientInfo":{"name":"c","version":"3"}}})",
            R"({"jsonrpc":"2.0","method":"notifications/initialized"})",
            R"({"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"t","arguments":{"n":9007199254740993},"_meta":{"traceparent":"00-x"}}})"});
    stage.answer(R"({"content":[],"n":9007199254740993})");
    CHECK(first.done);
    CHECK(
        first.got ==
        Lines{
            R"({"jsonrpc":"2.0","id":0,"result":{"resultType":"complete","_meta":{"io.modelcontextprotocol/serverInfo":{"name":"s","version":"1"}},"content":[],"n":9007199254740993}})"});
    Client& second = stage.perform(request("\"0\"", "tools/list", "", R"({"sampling":{}})"));
    CHECK(stage.service.sessions.size() == 1);
    stage.answer(R"({"tools":[]})");
    CHECK(second.got.at(0).find(R"("id":"0")") != std::string::npos);
    CHECK(second.result("ttlMs") == "0");
    CHECK(second.result("cacheScope") == "\"private\"");
}

TEST_CASE("principals and capabilities have sessions of their own") {
    BridgeStage stage;
    stage.perform(kCall, "alice");
    stage.perform(kCall, "bob");
    stage.perform(request("0", "tools/call", R"("name":"t")", R"({"roots":{}})"), "alice");
    stage.perform(kCall, "alice");
    REQUIRE(stage.service.sessions.size() == 3);
    CHECK(stage.session(0).principal == "alice");
    CHECK(stage.session(1).principal == "bob");
    CHECK(stage.session(0).calls.size() == 2);
}

TEST_CASE("clients with the same ids and tokens each get their own answers") {
    BridgeStage stage;
    const std::string text =
        request("1", "tools/call", R"("name":"t")", "{}", R"("progressToken":1)");
    Client& a = stage.perform(text);
    Client& b = stage.perform(text);
    const auto calls = stage.session().calls;
    REQUIRE(calls.size() == 2);
    CHECK(calls[0]->request.id() != calls[1]->request.id());
    stage.say_along(calls[1], progress(calls[1]->request.progress_token(), 5));
    stage.say_along(calls[0], progress(calls[1]->request.progress_token(), 6));
    CHECK(a.got.empty());
    CHECK(b.got == Lines{progress("1", 5)});
    stage.answer(R"({"for":"b"})");
    CHECK(b.result("for") == "\"b\"");
    CHECK_FALSE(a.done);
    stage.answer(R"({"for":"a"})");
    CHECK(a.result("for") == "\"a\"");
}

TEST_CASE("progress that was not asked for is not delivered") {
    BridgeStage stage;
    Client& client = stage.perform(kCall);
    CHECK(stage.session().calls.at(0)->request.progress_token().empty());
    stage.say(progress("2", 1));
    CHECK(client.got.empty());
}

TEST_CASE("those who come while the session is being opened share it") {
    BridgeStage stage;
    stage.service.initialize_result.clear();
    Client& a = stage.perform(kCall);
    Client& b = stage.perform(kCall);
    REQUIRE(stage.service.sessions.size() == 1);
    CHECK(stage.session().got.size() == 1);
    stage.answer(R"({"protocolVersion":"2025-06-18","capabilities":{}})");
    CHECK(stage.session().calls.size() == 2);
    stage.answer("{}");
    stage.answer("{}");
    CHECK(a.done);
    CHECK(b.done);
}

TEST_CASE("a server that refuses to be initialised is a gateway error; the next call tries anew") {
    BridgeStage stage;
    stage.service.initialize_result.clear();
    Client& a = stage.perform(kCall);
    Client& b = stage.perform(kCall);
    stage.say(R"({"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"no"}})");
    for (Client* each : {&a, &b}) {
        REQUIRE(each->failure);
        CHECK(each->failure->code() == sdk::ErrorCode::protocol);
        CHECK(each->got.at(0).find(R"("id":0,"error":{"code":-32603)") != std::string::npos);
    }
    CHECK(stage.session().ended);
    stage.perform(kCall);
    CHECK(stage.service.sessions.size() == 2);
}

TEST_CASE("a service without room is a gateway error") {
    BridgeStage stage;
    stage.service.refuses = sdk::Error(sdk::ErrorCode::session_limit, "all sessions are in use");
    for (const std::string_view method : {"tools/list", "server/discover"}) {
        Client& client = stage.perform(request("\"x\"", method, ""));
        REQUIRE(client.failure);
        CHECK(client.failure->code() == sdk::ErrorCode::session_limit);
        CHECK(client.got.at(0).find(R"("id":"x")") != std::string::npos);
    }
    Client& listen = stage.perform(request("1", "subscriptions/listen", R"("notifications":{})"));
    CHECK(listen.failure);
}

TEST_CASE("a lost session is replaced once, without the client noticing") {
    BridgeStage stage;
    Client& warm = stage.perform(kCall);
    stage.answer("{}");
    CHECK(warm.done);
    stage.session().fails_with =
        sdk::downstream_error(sdk::ErrorCode::unknown_session, "the session has ended");
    Client& client =
        stage.perform(request("5", "tools/call", R"("name":"t")", "{}", R"("progressToken":"p")"));
    REQUIRE(stage.service.sessions.size() == 2);
    CHECK(stage.session(0).ended);
    CHECK(
        stage.last(1) ==
        R"({"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"t","_meta":{"progressToken":2}}})");
    stage.answer("{}", 1);
    CHECK(client.done);
    CHECK_FALSE(client.failure);
}

TEST_CASE("a session that is lost again is a gateway error, never an unknown session") {
    BridgeStage stage;
    stage.service.initialize_result = R"({"capabilities":{}})";
    Client& warm = stage.perform(kCall);
    stage.answer("{}");
    CHECK(warm.done);
    const auto lost = sdk::downstream_error(sdk::ErrorCode::unknown_session, "gone");
    stage.session().fails_with = lost;
    stage.service.initialize_result.clear();
    Client& client = stage.perform(kCall);
    stage.session(1).fails_with = lost;  // after `initialize`
    stage.answer(R"({"capabilities":{}})", 1);
    REQUIRE(client.failure);
    CHECK(client.failure->code() == sdk::ErrorCode::closed);
    CHECK(client.failure->source() == sdk::ErrorSource::upstream);
    CHECK(stage.service.sessions.size() == 2);
}

TEST_CASE("a call that had begun is not repeated") {
    BridgeStage stage;
    Client& client =
        stage.perform(request("5", "tools/call", R"("name":"t")", "{}", R"("progressToken":"p")"));
    stage.say(progress("2", 1));
    stage.session().fails_with = sdk::downstream_error(sdk::ErrorCode::unknown_session, "gone");
    const auto call = stage.session().calls.back();
    const auto fail = [](std::shared_ptr<FakeSession::Call> of) -> sdk::awaitable<> {
        sdk::Error error = sdk::downstream_error(sdk::ErrorCode::unknown_session, "gone");
        sdk::Message response = sdk::make_error("2", error);
        co_await of->replies->fail(std::move(error), std::move(response));
    };
    spawn_logged(stage.worker, fail(call), "test.fail");
    stage.worker.poll();
    stage.session().finish("2");
    stage.worker.poll();
    REQUIRE(client.failure);
    CHECK(client.failure->code() == sdk::ErrorCode::closed);
    CHECK(client.got.size() == 2);
    CHECK(stage.service.sessions.size() == 1);
}

TEST_CASE("an anonymous client has a session for each request, unless they share") {
    BridgeStage stage;
    Client& a = stage.perform(kCall, "");
    Client& b = stage.perform(kCall, "");
    REQUIRE(stage.service.sessions.size() == 2);
    stage.answer("{}", 0);
    CHECK(a.done);
    CHECK(stage.session(0).ended);
    CHECK_FALSE(stage.session(1).ended);
    stage.answer("{}", 1);
    CHECK(b.done);
    CHECK(stage.session(1).ended);

    BridgeSettings settings;
    settings.anonymous = Anonymous::shared;
    BridgeStage sharing(settings);
    sharing.perform(kCall, "");
    sharing.perform(kCall, "");
    CHECK(sharing.service.sessions.size() == 1);
}

TEST_CASE("a client that goes cancels its call, under the id that the server knows") {
    BridgeStage stage;
    Client& client = stage.perform(kCall);
    stage.cancel(client);
    CHECK(client.done);
    CHECK(client.got.empty());
    CHECK(stage.last() ==
          R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":2}})");
    CHECK(stage.session().calls.empty());
}

TEST_CASE("a client that goes before the session is there is never heard of") {
    BridgeStage stage;
    stage.service.initialize_result.clear();
    Client& client = stage.perform(kCall);
    stage.cancel(client);
    CHECK(client.done);
    stage.answer(R"({"capabilities":{}})");
    CHECK(stage.session().got.size() == 2);
    CHECK(stage.last().find("notifications/initialized") != std::string::npos);
    CHECK(client.got.empty());
}

TEST_CASE("a client that can't be written to has gone") {
    BridgeStage stage;
    Client& client =
        stage.perform(request("5", "tools/call", R"("name":"t")", "{}", R"("progressToken":"p")"));
    client.gone = true;
    stage.say(progress("2", 1));
    CHECK(client.done);
    CHECK(stage.last().find("notifications/cancelled") != std::string::npos);
}

TEST_CASE("a slow client holds its server back, and gets all before the response") {
    BridgeStage stage;
    Client& client =
        stage.perform(request("5", "tools/call", R"("name":"t")", "{}", R"("progressToken":"p")"));
    client.slow = true;
    stage.say(progress("2", 1));
    stage.say(progress("2", 2));
    stage.answer("{}");
    CHECK(client.got.size() == 1);
    while (client.reads.waiting()) {
        client.reads.notify();
        stage.worker.poll();
    }
    REQUIRE(client.got.size() == 3);
    CHECK(client.got[1] == progress("\"p\"", 2));
    CHECK(client.got[2].find("resultType") != std::string::npos);
    CHECK(client.done);
}

TEST_CASE("log messages go to requests that want them, from their level on") {
    BridgeStage stage;
    Client& quiet = stage.perform(kCall);
    stage.say(log_line("emergency"));
    CHECK(quiet.got.empty());
    stage.answer("{}");
    Client& client = stage.perform(request("1", "tools/call", R"("name":"t")", "{}",
                                           R"("io.modelcontextprotocol/logLevel":"warning")"));
    const Lines& got = stage.session().got;
    CHECK(got.at(got.size() - 2) ==
          R"({"jsonrpc":"2.0","id":3,"method":"logging/setLevel","params":{"level":"warning"}})");
    stage.say(log_line("notice"));
    CHECK(client.got.empty());
    stage.say(log_line("warning"));
    stage.say(log_line("alert"));
    stage.say(log_line("no level"));
    CHECK(client.got == Lines{log_line("warning"), log_line("alert")});
}

TEST_CASE("the server's level is the most verbose that is wanted now") {
    BridgeStage stage;
    const auto call = [&](std::string_view level) -> Client& {
        return stage.perform(
            request("1", "tools/call", R"("name":"t")", "{}",
                    R"("io.modelcontextprotocol/logLevel":")" + std::string(level) + "\""));
    };
    const auto levels = [&] {
        std::string all;
        for (const std::string& each : stage.session().got) {
            if (each.find("logging/setLevel") == std::string::npos) continue;
            all += sdk::json::unquote(sdk::json::at(each, {"params", "level"})) + " ";
        }
        return all;
    };
    call("error");
    call("debug");
    call("info");
    CHECK(levels() == "error debug ");
    for (int i = 0; i < 3; ++i)
        stage.answer("{}");
    call("info");
    CHECK(levels() == "error debug info ");
}

TEST_CASE("a server without logging is not asked for it") {
    BridgeStage stage;
    stage.service.initialize_result = R"({"capabilities":{}})";
    stage.perform(request("1", "tools/call", R"("name":"t")", "{}",
                          R"("io.modelcontextprotocol/logLevel":"debug")"));
    CHECK(stage.session().got.size() == 3);
}

TEST_CASE("methods of other eras are unknown, and reach nobody") {
    BridgeStage stage;
    for (const std::string_view method :
         {"ping", "initialize", "logging/setLevel", "resources/subscribe", "resources/unsubscribe",
          "tasks/get", "tasks/list", "tasks/cancel", "tasks/update", "vendor/method"}) {
        Client& client = stage.perform(request("\"q\"", method, ""));
        CAPTURE(method);
        CHECK(client.error("code") == "-32601");
        CHECK_FALSE(client.failure);
        CHECK(client.got.at(0).find(R"("id":"q")") != std::string::npos);
    }
    CHECK(stage.service.sessions.empty());
}

TEST_CASE("discovery is answered from initialize, for all that share the session") {
    BridgeStage stage;
    Client& client = stage.perform(request("1", "server/discover", ""));
    CHECK(
        client.got ==
        Lines{
            R"({"jsonrpc":"2.0","id":1,"result":{"resultType":"complete","ttlMs":0,"cacheScope":"private","_meta":{"io.modelcontextprotocol/serverInfo":{"name":"s","version":"1"}},)"
            R"("supportedVersions":["2026-07-28"],"capabilities":{"tools":{"listChanged":true},"logging":{},"resources":{"subscribe":true}}}})"});
    stage.perform(request("2", "server/discover", ""));
    CHECK(stage.session().got.size() == 2);
    CHECK(stage.service.sessions.size() == 1);
}

TEST_CASE("notifications that only mean something on sessions are dropped, unknown ones are not") {
    BridgeStage stage;
    Client& client = stage.perform(kCall);
    for (const std::string_view method :
         {"notifications/elicitation/complete", "notifications/tools/list_changed",
          "notifications/resources/updated", "notifications/tasks/status"}) {
        stage.say(R"({"jsonrpc":"2.0","method":")" + std::string(method) + "\"}");
    }
    CHECK(client.got.empty());
    const std::string vendor = R"({"jsonrpc":"2.0","method":"vendor/news","params":{"n":1.0}})";
    stage.say(vendor);
    CHECK(client.got == Lines{vendor});
}

TEST_CASE("an idle session ends, one in use does not") {
    BridgeStage stage;
    stage.perform(kCall);
    stage.later(std::chrono::seconds(61));
    CHECK_FALSE(stage.session().ended);
    stage.answer("{}");
    stage.later(std::chrono::seconds(59));
    CHECK_FALSE(stage.session().ended);
    stage.later(std::chrono::seconds(61));
    CHECK(stage.session().ended);
    stage.perform(kCall);
    CHECK(stage.service.sessions.size() == 2);
}

TEST_CASE("calls in flight fail when the bridge stops; nothing is performed afterwards") {
    BridgeStage stage;
    Client& client = stage.perform(kCall);
    stage.stop();
    CHECK(client.done);
    CHECK(client.failure->code() == sdk::ErrorCode::closed);
    Client& late = stage.perform(kCall);
    CHECK(late.failure->code() == sdk::ErrorCode::unavailable);
    CHECK(stage.service.sessions.size() == 1);
}
