// SPDX-License-Identifier: Apache-2.0
// A session with an HTTP server, over real sockets: what the server sees, what the caller gets.
#include "testing/upstream_scene.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::http;
using namespace shadowcat::http::testing;

namespace {

using Then = ServerAnswer::Then;

/// Answers `tools/call` as told, everything else as usual.
ScriptedServer::Script calls_get(ServerAnswer answer) {
    return [answer](const ServerRequest& request) {
        const bool call = request.body.find("tools/call") != std::string::npos;
        return call ? answer : usual(request);
    };
}

Error failure_of_call(UpstreamScene& scene) {
    TestClient client;
    const Result<void> outcome = scene.call(client, kCall);
    CHECK(client.got.empty());
    REQUIRE(outcome.has_error());
    return outcome.error();
}

}  // namespace

TEST_CASE("a session: no id before it is issued, then on everything, DELETE at the end") {
    UpstreamScene scene(&usual, {{"headers", {{"Authorization", "Bearer t"}}}});
    scene.open_listening_session();
    TestClient client;
    CHECK(scene.call(client, kCall).has_value());
    CHECK(client.got == Lines{result("1")});
    CHECK(scene.wait([&] { return scene.server.requests.size() == 4; }));
    scene.close();
    const auto& seen = scene.server.requests;
    REQUIRE(seen.size() == 5);
    CHECK(seen[0].body == kInitialize);
    CHECK(seen[0].header("Mcp-Session-Id").empty());
    CHECK(seen[0].header("MCP-Protocol-Version").empty());
    for (std::size_t i = 1; i < seen.size(); ++i) {
        INFO(seen[i].head);
        CHECK(seen[i].header("Mcp-Session-Id") == "session-0123456789");
        CHECK(seen[i].header("MCP-Protocol-Version") == "2025-06-18");
        CHECK(seen[i].header("Authorization") == "Bearer t");
        CHECK(seen[i].header("Host") == "127.0.0.1:" + std::to_string(scene.server.port()));
    }
    CHECK(seen[1].body == kInitialized);
    CHECK(seen[4].method() == "DELETE");
    CHECK_FALSE(scene.link->alive());
    CHECK(scene.events.closed.empty());
}

TEST_CASE("POSTs ask for both forms and carry the client's bytes") {
    UpstreamScene scene(&usual);
    TestClient client;
    const std::string odd =
        R"({ "id":"é",  "jsonrpc":"2.0","method":"x","params":{"n":12345678901234567890123}})";
    CHECK(scene.call(client, odd).has_value());
    const ServerRequest& seen = scene.server.requests.at(0);
    CHECK(seen.body == odd);
    CHECK(seen.header("Accept") == "application/json, text/event-stream");
    CHECK(seen.header("Content-Type") == "application/json");
    CHECK(seen.header("Accept-Encoding").empty());
    CHECK(client.got == Lines{result("\"é\"")});
}

TEST_CASE("a server without sessions gets no DELETE") {
    UpstreamScene scene([](const ServerRequest& request) {
        const bool opens = request.body.find("\"initialize\"") != std::string::npos;
        return opens ? ServerAnswer::json(result("0")) : usual(request);
    });
    scene.open_session();
    scene.close();
    for (const ServerRequest& each : scene.server.requests)
        CHECK(each.method() != "DELETE");
}

TEST_CASE("answers in every framing and any pieces") {
    const std::string body = result("1");
    std::vector<ServerAnswer> answers = {
        ServerAnswer::json(body),
        ServerAnswer("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: "
                     "chunked\r\n\r\n" +
                     chunk(body.substr(0, 9)) + chunk(body.substr(9)) + "0\r\n\r\n"),
        ServerAnswer("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n" + body,
                     Then::close),
        ServerAnswer("HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n" + body,
                     Then::close),
        ServerAnswer("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" +
                     ServerAnswer::json(body).bytes),
        ServerAnswer::events("event: message\r\ndata: " + body + "\r\n\r\n"),
    };
    for (ServerAnswer answer : answers) {
        for (const bool bytewise : {false, true}) {
            INFO(answer.bytes << (bytewise ? " byte by byte" : ""));
            answer.bytewise = bytewise;
            UpstreamScene scene(calls_get(answer));
            TestClient client;
            CHECK(scene.call(client, kCall).has_value());
            CHECK(client.got == Lines{body});
        }
    }
}

TEST_CASE("a large answer crosses whole") {
    const std::string body =
        R"({"jsonrpc":"2.0","id":1,"result":{"text":")" + std::string(3'000'000, 'x') + "\"}}";
    for (const ServerAnswer& answer :
         {ServerAnswer::json(body), ServerAnswer::events("data: " + body + "\n\n")}) {
        UpstreamScene scene(calls_get(answer));
        TestClient client;
        CHECK(scene.call(client, kCall).has_value());
        REQUIRE(client.got.size() == 1);
        CHECK(client.got[0] == body);
    }
}

TEST_CASE("a refusal that is a JSON-RPC error reaches the caller, with the request's id") {
    UpstreamScene scene(calls_get(
        ServerAnswer::json(R"({"jsonrpc":"2.0","error":{"code":-32000,"message":"no"},"id":null})",
                           "", "400 Bad Request")));
    TestClient client;
    CHECK(scene.call(client, kCall).has_value());
    CHECK(client.got ==
          Lines{R"({"jsonrpc":"2.0","error":{"code":-32000,"message":"no"},"id":1})"});
}

TEST_CASE("answers that are none fail the call, and the next call works") {
    const std::vector<std::pair<ServerAnswer, std::pair<ErrorCode, const char*>>> table = {
        {ServerAnswer::status("500 Oops"), {ErrorCode::protocol, "answered 500"}},
        {ServerAnswer::status("503 Busy"), {ErrorCode::unavailable, "answered 503"}},
        {ServerAnswer::status("401 No"),
         {ErrorCode::protocol, "answered 401: it wants other credentials"}},
        {ServerAnswer::status("307 There", "Location: http://other/x\r\n"),
         {ErrorCode::protocol, "a redirect to other, which is not followed"}},
        {ServerAnswer::accepted(), {ErrorCode::protocol, "answered 202 to a request"}},
        {ServerAnswer::json("{\"jsonrpc\":"), {ErrorCode::protocol, "the answer: not valid JSON"}},
        {ServerAnswer::json(result("2")), {ErrorCode::protocol, "another id than the request"}},
        {ServerAnswer::json("x", "", "400 Bad Request"), {ErrorCode::protocol, "answered 400"}},
        {ServerAnswer("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"),
         {ErrorCode::protocol, "not a valid HTTP answer"}},
        {ServerAnswer("220 mail.example ESMTP\r\n"),
         {ErrorCode::protocol, "not a valid HTTP answer"}},
        {ServerAnswer("HTTP/1.1 101 Switching Protocols\r\n\r\n"),
         {ErrorCode::protocol, "switches protocols"}},
        {ServerAnswer("", Then::close),
         {ErrorCode::crashed, "closed the connection before an answer"}},
        {ServerAnswer(
             "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{",
             Then::close),
         {ErrorCode::crashed, "closed the connection in the middle of the answer"}},
        {ServerAnswer("HTTP/1.1 200 OK\r\nContent-Le", Then::reset),
         {ErrorCode::crashed, "in the middle"}},
        {ServerAnswer::events("data: " + result("2") + "\n\n"),
         {ErrorCode::crashed, "the event stream ended without the response"}},
        {ServerAnswer::events("data: {]\n\n"), {ErrorCode::protocol, "an event: not valid JSON"}},
        {ServerAnswer::events("data: x", Then::reset),
         {ErrorCode::crashed, "the event stream ended without the response"}},
    };
    for (const auto& [answer, expected] : table) {
        INFO(answer.bytes);
        UpstreamScene scene(calls_get(answer));
        const Error error = failure_of_call(scene);
        CHECK(error.code() == expected.first);
        CHECK(error.source() == ErrorSource::upstream);
        CHECK(error.message().find(expected.second) != std::string::npos);
        CHECK(error.message().starts_with("http://127.0.0.1:"));
        CHECK_FALSE(error.nothing_sent());
        TestClient next;
        CHECK(scene.call(next, kList).has_value());
        CHECK(scene.link->alive());
    }
}

TEST_CASE("an answer over the limit is refused, whatever its framing says") {
    const std::string body =
        R"({"jsonrpc":"2.0","id":1,"result":{"t":")" + std::string(5000, 'x') + "\"}}";
    const std::string head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
    LinkOptions options;
    options.message.max_bytes = 4096;
    for (const ServerAnswer& answer :
         {ServerAnswer::json(body), ServerAnswer(head + "\r\n" + body, Then::close),
          ServerAnswer(head + "Content-Length: 999999999999\r\n\r\n"),
          ServerAnswer(head + "Transfer-Encoding: chunked\r\n\r\n" + chunk(body)),
          ServerAnswer::events("data: " + body + "\n\n")}) {
        UpstreamScene scene(calls_get(answer), Json::object(), options);
        const Error error = failure_of_call(scene);
        CHECK(error.code() == ErrorCode::too_large);
        CHECK(error.message().find("4096") != std::string::npos);
    }
}

TEST_CASE("a head over the limit is refused") {
    UpstreamScene scene(
        calls_get(ServerAnswer::json(result("1"), "X: " + std::string(2000, 'x') + "\r\n")),
        {{"max_response_header_bytes", 1024}});
    CHECK(failure_of_call(scene).code() == ErrorCode::protocol);
}

TEST_CASE("a head line longer than any read is taken where the limit allows it") {
    const std::string line = "X: " + std::string(std::size_t{600} * 1024, 'x') + "\r\n";
    UpstreamScene scene(calls_get(ServerAnswer::json(result("1"), line)),
                        {{"max_response_header_bytes", 1048576}});
    TestClient client;
    CHECK(scene.call(client, kCall).has_value());
    CHECK(client.got == Lines{result("1")});
}

TEST_CASE(
    "a session that the server has ended: the call fails, the link is dead, its owner hears of "
    "it") {
    UpstreamScene scene(calls_get(ServerAnswer::status("404 Not Found")));
    scene.open_session();
    const Error error = failure_of_call(scene);
    CHECK(error.code() == ErrorCode::unknown_session);
    CHECK_FALSE(scene.link->alive());
    CHECK(scene.wait([&] { return !scene.events.closed.empty(); }));
    TestClient client;
    const Result<void> later = scene.call(client, kList);
    CHECK(later.error().code() == ErrorCode::unknown_session);
    CHECK(later.error().nothing_sent());
    CHECK(scene.send(kInitialized).error().code() == ErrorCode::unknown_session);
    scene.close();
    CHECK(scene.events.closed.size() == 1);
    for (const ServerRequest& each : scene.server.requests)
        CHECK(each.method() != "DELETE");
}

TEST_CASE("404 outside a session is only a wrong path") {
    UpstreamScene scene(calls_get(ServerAnswer::status("404 Not Found")));
    CHECK(failure_of_call(scene).code() == ErrorCode::protocol);
    CHECK(scene.link->alive());
}

TEST_CASE("a session id that can't be used fails initialize") {
    for (const std::string header :
         {"Mcp-Session-Id: a b\r\n", "Mcp-Session-Id: a\r\nMcp-Session-Id: b\r\n",
          "Mcp-Session-Id: \r\n"}) {
        INFO(header);
        UpstreamScene scene(
            [&](const ServerRequest&) { return ServerAnswer::json(result("0"), header); });
        TestClient client;
        const Result<void> outcome = scene.call(client, kInitialize);
        REQUIRE(outcome.has_error());
        CHECK(outcome.error().message().find("Mcp-Session-Id") != std::string::npos);
    }
}

TEST_CASE("a refused initialize opens no session") {
    UpstreamScene scene([](const ServerRequest& request) {
        return request.method() == "POST"
                   ? ServerAnswer::json(
                         R"({"jsonrpc":"2.0","id":0,"error":{"code":-32602,"message":"no"}})",
                         "Mcp-Session-Id: s\r\n")
                   : usual(request);
    });
    TestClient client;
    CHECK(scene.call(client, kInitialize).has_value());
    scene.close();
    CHECK(scene.server.requests.size() == 1);
}

TEST_CASE("a notification is accepted by any 2xx, a refusal is told") {
    const std::string notice = R"({"jsonrpc":"2.0","method":"notifications/x"})";
    const std::vector<std::pair<ServerAnswer, const char*>> table = {
        {ServerAnswer::accepted(), ""},
        {ServerAnswer::status("204 No Content"), ""},
        {ServerAnswer::json("{}"), ""},
        {ServerAnswer::events("", Then::stay), ""},
        {ServerAnswer::json(R"({"jsonrpc":"2.0","error":{"code":-32600,"message":"secret"}})", "",
                            "400 Bad"),
         "answered 400 with JSON-RPC error -32600"},
        {ServerAnswer::status("503 Busy"), "answered 503"},
    };
    for (const auto& [answer, why] : table) {
        INFO(answer.bytes);
        UpstreamScene scene([&](const ServerRequest&) { return answer; });
        const Result<void> sent = scene.send(notice);
        CHECK(sent.has_value() == std::string(why).empty());
        if (sent.has_error()) CHECK(sent.error().message().ends_with(why));
        CHECK(scene.server.requests.at(0).body == notice);
    }
}

TEST_CASE("a server that does not take a notification is not waited for for ever") {
    ServerAnswer never("");
    never.then = Then::stay;
    UpstreamScene scene([&](const ServerRequest&) { return never; }, {{"send_timeout_secs", 1}});
    const Result<void> sent = scene.send(kInitialized);
    REQUIRE(sent.has_error());
    CHECK(sent.error().code() == ErrorCode::timed_out);
}

TEST_CASE("a server that does not answer DELETE does not hold up the end") {
    UpstreamScene scene(
        [](const ServerRequest& request) {
            return request.method() == "DELETE" ? ServerAnswer("", Then::stay) : usual(request);
        },
        {{"close_timeout_secs", 1}});
    scene.open_session();
    scene.close();
    CHECK(scene.server.requests.back().method() == "DELETE");
}

TEST_CASE("who is at the other end is said without the session's secret") {
    UpstreamScene scene(&usual);
    const std::string authority = "127.0.0.1:" + std::to_string(scene.server.port());
    CHECK(scene.link->peer() == authority);
    scene.open_session();
    CHECK(scene.link->peer() == authority + " session=sess…");
    CHECK(scene.connector->target() == "http://" + authority + "/mcp");
}
