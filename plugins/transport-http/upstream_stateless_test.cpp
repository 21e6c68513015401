// SPDX-License-Identifier: Apache-2.0
// Requests of 2026-07-28 over HTTP: their heads, what their answers mean, how they end.
#include "testing/stateless_messages.hpp"
#include "testing/upstream_scene.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::http;
using namespace shadowcat::http::testing;

namespace {

using Then = ServerAnswer::Then;

const std::string kCallTool = stateless("1", "tools/call", R"("name":"x")");

/// Answers every request with `answer`.
ScriptedServer::Script always(ServerAnswer answer) {
    return [answer](const ServerRequest&) { return answer; };
}

std::string refusal(int code, const std::string& id = "1") {
    return R"({"jsonrpc":"2.0","id":)" + id + R"(,"error":{"code":)" + std::to_string(code) +
           R"(,"message":"no"}})";
}

}  // namespace

TEST_CASE("a stateless request's headers mirror its body, and nothing else is with it") {
    UpstreamScene scene(&usual, {{"headers", {{"Authorization", "Bearer t"}}}});
    const std::vector<std::pair<std::string, std::string>> table = {
        {stateless("1", "tools/call", R"("name":"x y")"), "x y"},
        {stateless("2", "prompts/get", R"("name":"é")"), "=?base64?w6k=?="},
        {stateless("3", "resources/read", R"("uri":"file:///a\u000ab")"),
         "=?base64?ZmlsZTovLy9hCmI=?="},
        {stateless("4", "tasks/get", R"("taskId":"t-1")"), "t-1"},
        {stateless("5", "tools/list"), ""},
    };
    for (const auto& [request, name] : table) {
        INFO(request);
        TestClient client;
        CHECK(scene.call(client, request).has_value());
        const ServerRequest& seen = scene.server.requests.back();
        CHECK(seen.body == request);
        CHECK(seen.header("MCP-Protocol-Version") == "2026-07-28");
        CHECK(seen.header("Mcp-Method") == message(request).method());
        CHECK(seen.header("Mcp-Name") == name);
        CHECK((seen.head.find("Mcp-Name") != std::string::npos) == !name.empty());
        CHECK(seen.header("Authorization") == "Bearer t");
        CHECK(seen.header("Accept") == "application/json, text/event-stream");
        CHECK(seen.head.find("Mcp-Session-Id") == std::string::npos);
    }
    scene.close();
    CHECK(count(scene.server, "DELETE") == 0);
    CHECK(count(scene.server, "GET") == 0);
}

TEST_CASE("a method that no header can carry adds no line to the head") {
    UpstreamScene scene(&usual);
    TestClient client;
    CHECK(scene.call(client, stateless("1", R"(a\r\nX-Evil: 1)")).has_value());
    CHECK(scene.server.requests.back().head.find("X-Evil") == std::string::npos);
    CHECK(scene.server.requests.back().head.find("Mcp-Method") == std::string::npos);
}

TEST_CASE("one link carries both eras: the session is not a stateless request's business") {
    UpstreamScene scene([](const ServerRequest& request) {
        const bool lost = request.header("Mcp-Method") == "vendor/gone";
        return lost ? ServerAnswer::json(refusal(-32601), "", "404 Not Found") : usual(request);
    });
    scene.open_session();
    TestClient stateless_one, session_one;
    CHECK(scene.call(stateless_one, stateless("1", "vendor/gone")).has_value());
    CHECK(stateless_one.got == Lines{refusal(-32601)});
    const ServerRequest first = scene.server.requests.back();
    CHECK(first.header("MCP-Protocol-Version") == "2026-07-28");
    CHECK(first.head.find("Mcp-Session-Id") == std::string::npos);
    CHECK(scene.link->alive());
    CHECK(scene.call(session_one, kCall).has_value());
    const ServerRequest& second = scene.server.requests.back();
    CHECK(second.header("MCP-Protocol-Version") == "2025-06-18");
    CHECK(second.header("Mcp-Session-Id") == "session-0123456789");
    CHECK(second.head.find("Mcp-Method") == std::string::npos);
}

TEST_CASE("a 400 or 404 with a JSON-RPC error is that error, without one it is a failure") {
    for (const char* status : {"400 Bad Request", "404 Not Found"}) {
        for (const int code : {-32601, -32602, -32021, -32022}) {
            UpstreamScene scene(always(ServerAnswer::json(refusal(code), "", status)));
            TestClient client;
            CHECK(scene.call(client, kCallTool).has_value());
            CHECK(client.got == Lines{refusal(code)});
            CHECK(scene.server.requests.size() == 1);
        }
        UpstreamScene scene(always(ServerAnswer::status(status)));
        TestClient client;
        const Result<void> outcome = scene.call(client, kCallTool);
        REQUIRE(outcome.has_error());
        CHECK(outcome.error().code() == ErrorCode::protocol);
        CHECK(scene.link->alive());
    }
}

TEST_CASE("a cancelled stateless call: the connection is closed, and nothing else is said") {
    UpstreamScene scene(always(ServerAnswer::events("", Then::stay)));
    TestClient client;
    scene.start(client, kCallTool);
    CHECK(scene.wait([&] { return scene.server.requests.size() == 1; }));
    client.cancellation.request(
        downstream_error(ErrorCode::cancelled, "by the client"),
        message(
            R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}})"));
    CHECK(scene.finish(client).error().code() == ErrorCode::cancelled);
    CHECK(client.got.empty());
    CHECK(scene.wait([&] { return scene.server.open_connections() == 0; }));
    scene.close();
    CHECK(scene.server.requests.size() == 1);
}

TEST_CASE("a stateless stream that breaks is not resumed, whatever ids its events have") {
    const std::string progress =
        R"({"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":7}})";
    const std::string request =
        stateless("1", "tools/call", R"("name":"x")", meta_with(R"("progressToken":7)"));
    for (const Then then : {Then::close, Then::keep, Then::reset}) {
        UpstreamScene scene(
            always(ServerAnswer::events("retry: 1\n" + event(progress, "e.1"), then)));
        TestClient client;
        const Result<void> outcome = scene.call(client, request);
        REQUIRE(outcome.has_error());
        CHECK(outcome.error().code() == ErrorCode::crashed);
        CHECK(client.got == Lines{progress});
        CHECK(scene.server.requests.size() == 1);
    }
}

TEST_CASE("only what concerns the request is taken from its stream") {
    const std::string mine =
        R"({"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"t"}})";
    const std::string loud =
        R"({"jsonrpc":"2.0","method":"notifications/message","params":{"level":"error"}})";
    const std::string other = R"({"jsonrpc":"2.0","method":"notifications/vendor"})";
    const Lines foreign = {
        R"({"jsonrpc":"2.0","id":9,"method":"sampling/createMessage"})",
        R"({"jsonrpc":"2.0","id":9,"method":"ping"})",
        R"({"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"u"}})",
        R"({"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info"}})",
        R"({"jsonrpc":"2.0","method":"notifications/tools/list_changed"})",
        R"({"jsonrpc":"2.0","id":8,"result":{}})",
    };
    std::string stream;
    for (const std::string& each : foreign)
        stream += event(each);
    stream += event(mine) + event(loud) + event(other) + event(result("1"));
    UpstreamScene scene(always(ServerAnswer::events(stream)));
    TestClient client;
    const std::string meta =
        meta_with(R"("progressToken":"t","io.modelcontextprotocol/logLevel":"warning")");
    CHECK(scene.call(client, stateless("1", "tools/call", R"("name":"x")", meta)).has_value());
    CHECK(client.got == Lines{mine, loud, other, result("1")});
    TestClient quiet;
    CHECK(scene.call(quiet, kCallTool).has_value());
    CHECK(quiet.got == Lines{other, result("1")});
    CHECK(scene.events.got.empty());
}

TEST_CASE("a stateless notification is posted with the headers of its era") {
    UpstreamScene scene(&usual);
    scene.open_session();
    const std::string notice = R"({"jsonrpc":"2.0","method":"notifications/vendor","params":{)" +
                               std::string(kStatelessMeta) + "}}";
    CHECK(scene.send(notice).has_value());
    const ServerRequest& seen = scene.server.requests.back();
    CHECK(seen.body == notice);
    CHECK(seen.header("MCP-Protocol-Version") == "2026-07-28");
    CHECK(seen.header("Mcp-Method") == "notifications/vendor");
    CHECK(seen.head.find("Mcp-Session-Id") == std::string::npos);
}
