// SPDX-License-Identifier: Apache-2.0
// Connections: reused, found closed, limited, never leaked; and what may be sent twice.
#include "testing/upstream_scene.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::http;
using namespace shadowcat::http::testing;

namespace {

using Then = ServerAnswer::Then;

/// The answer of a server that closes the connection instead of taking the second request on it.
ScriptedServer::Script closes_at_second_request(ScriptedServer*& server) {
    return [&server](const ServerRequest& request) {
        std::size_t before = 0;
        for (const ServerRequest& each : server->requests)
            before += each.connection == request.connection;
        const bool first = request.connection == 0;
        return first && before == 2 ? ServerAnswer("", Then::close) : usual(request);
    };
}

}  // namespace

TEST_CASE("one connection serves many calls, of many sessions") {
    UpstreamScene scene(&usual);
    scene.open_session();
    for (int i = 0; i < 20; ++i) {
        TestClient client;
        CHECK(scene.call(client, kCall).has_value());
    }
    auto other = scene.open_link();
    std::swap(other, scene.link);
    scene.open_session();
    scene.close();
    std::swap(other, scene.link);
    CHECK(scene.server.connections() <= 2);  // the second for the GET that met a call
}

TEST_CASE("calls at the same time get connections of their own") {
    UpstreamScene scene([](const ServerRequest& request) {
        return request.body == kCall ? ServerAnswer::events("", Then::stay) : usual(request);
    });
    TestClient slow, quick;
    scene.start(slow, kCall);
    CHECK(scene.wait([&] { return scene.server.requests.size() == 1; }));
    CHECK(scene.call(quick, kList).has_value());
    CHECK(scene.server.connections() == 2);
    slow.cancellation.request(Error(ErrorCode::timed_out, "end of test"));
    scene.finish(slow);
}

TEST_CASE(
    "a connection that the server has closed meanwhile is not used, not even for a tool call") {
    UpstreamScene scene(&usual);
    TestClient first, second;
    CHECK(scene.call(first, kCall).has_value());
    scene.server.close_connection(0);
    CHECK(scene.call(second, kCall).has_value());
    CHECK(scene.server.connections() == 2);
    CHECK(scene.server.requests.size() == 2);
}

TEST_CASE(
    "a kept connection that ends instead of answering: reads are repeated, tool calls are not") {
    ScriptedServer* server = nullptr;
    {
        UpstreamScene scene(closes_at_second_request(server));
        server = &scene.server;
        TestClient first, second;
        CHECK(scene.call(first, kList).has_value());
        CHECK(scene.call(second, kList).has_value());
        CHECK(second.got == Lines{result("2")});
        CHECK(scene.server.requests.size() == 3);
    }
    UpstreamScene scene(closes_at_second_request(server));
    server = &scene.server;
    TestClient first, second;
    CHECK(scene.call(first, kList).has_value());
    const Result<void> outcome = scene.call(second, kCall);
    REQUIRE(outcome.has_error());
    CHECK(outcome.error().code() == ErrorCode::crashed);
    CHECK_FALSE(outcome.error().nothing_sent());
    CHECK(scene.server.requests.size() == 2);
}

TEST_CASE("a fresh connection that ends instead of answering is not tried again") {
    UpstreamScene scene([](const ServerRequest&) { return ServerAnswer("", Then::close); });
    TestClient client;
    CHECK(scene.call(client, kList).error().code() == ErrorCode::crashed);
    CHECK(scene.server.connections() == 1);
}

TEST_CASE("a connection with unasked bytes behind an answer is not used again") {
    UpstreamScene scene([](const ServerRequest& request) {
        ServerAnswer answer = usual(request);
        answer.bytes += "HTTP/1.1 200 OK\r\n";
        return answer;
    });
    TestClient first, second;
    CHECK(scene.call(first, kCall).has_value());
    CHECK(scene.call(second, kCall).has_value());
    CHECK(scene.server.connections() == 2);
}

TEST_CASE("nobody there: unreachable, and nothing was sent") {
    std::uint16_t port = 0;
    {
        Worker worker;
        ScriptedServer gone(worker, &usual);
        port = gone.port();
        gone.stop();
        CHECK(run_until(worker, [&] { return worker.gate().inside() == 0; }));
    }
    const std::string url = "http://127.0.0.1:" + std::to_string(port) + "/mcp?key=secret";
    UpstreamScene scene(&usual, {{"url", url}});
    TestClient client;
    const Result<void> outcome = scene.call(client, kCall);
    REQUIRE(outcome.has_error());
    CHECK(outcome.error().code() == ErrorCode::unreachable);
    CHECK(outcome.error().nothing_sent());
    CHECK(outcome.error().message() ==
          "http://127.0.0.1:" + std::to_string(port) + "/mcp: can't connect: Connection refused");
}

TEST_CASE("a name that does not exist is unreachable") {
    UpstreamScene scene(&usual,
                        {{"url", "http://no-such-host.invalid/mcp"}, {"connect_timeout_secs", 5}});
    TestClient client;
    const Result<void> outcome = scene.call(client, kCall);
    REQUIRE(outcome.has_error());
    CHECK(outcome.error().nothing_sent());
    CHECK(
        outcome.error().message().starts_with("http://no-such-host.invalid/mcp: can't connect: "));
}

TEST_CASE("a name is resolved") {
    UpstreamScene scene(&usual, Json::object());
    const Json config =
        validated({{"url", "http://localhost:" + std::to_string(scene.server.port()) + "/mcp"}});
    const ConnectorContext context(scene.worker, "other", scene.metrics);
    scene.connector = std::make_unique<HttpConnector>(config, context);
    scene.link = scene.open_link();
    TestClient client;
    CHECK(scene.call(client, kCall).has_value());
}

TEST_CASE("calls beyond the limit wait for their turn; messages and streams don't") {
    UpstreamScene scene(
        [](const ServerRequest& request) {
            return request.body == kCall ? ServerAnswer::events("", Then::stay) : usual(request);
        },
        {{"max_connections", 1}});
    scene.open_session();
    TestClient first, second, third;
    scene.start(first, kCall);
    CHECK(scene.wait([&] { return scene.server.requests.back().body == kCall; }));
    scene.start(second, kList);
    scene.start(third, kList);
    CHECK(scene.send(kInitialized).has_value());
    CHECK_FALSE(second.outcome.has_value());
    third.cancellation.request(Error(ErrorCode::timed_out, "waited too long"));
    CHECK(scene.finish(third).error().nothing_sent());
    CHECK_FALSE(second.outcome.has_value());
    first.cancellation.request(Error(ErrorCode::timed_out, "end of test"));
    CHECK(scene.finish(second).has_value());
    scene.finish(first);
}

TEST_CASE("more calls in flight than the link allows are refused") {
    LinkOptions options;
    options.max_in_flight = 1;
    UpstreamScene scene([](const ServerRequest&) { return ServerAnswer("", Then::stay); },
                        Json::object(), options);
    TestClient first, second;
    scene.start(first, kCall);
    CHECK(scene.wait([&] { return scene.server.requests.size() == 1; }));
    const Result<void> refused = scene.call(second, kList);
    CHECK(refused.error().code() == ErrorCode::unavailable);
    CHECK(refused.error().nothing_sent());
    first.cancellation.request(Error(ErrorCode::timed_out, "end of test"));
    scene.finish(first);
}

TEST_CASE("idle connections are bounded in number and in time") {
    UpstreamScene none(&usual, {{"max_idle_connections", 0}});
    for (int i = 0; i < 3; ++i) {
        TestClient client;
        CHECK(none.call(client, kCall).has_value());
    }
    CHECK(none.server.connections() == 3);
    UpstreamScene brief(&usual, {{"idle_timeout_secs", 1}});
    TestClient client;
    CHECK(brief.call(client, kCall).has_value());
    CHECK(brief.wait([&] { return brief.server.open_connections() == 0; }));
}

TEST_CASE("an early refusal of a large request is heard") {
    const std::string large = R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"x":")" +
                              std::string(200'000, 'x') + "\"}}";
    UpstreamScene scene([](const ServerRequest&) { return ServerAnswer::status("413 Too Large"); });
    TestClient client;
    const Result<void> outcome = scene.call(client, large);
    CHECK(outcome.error().message().ends_with("answered 413"));
}

TEST_CASE("no descriptor is left, whatever happened") {
    {
        UpstreamScene warm(&usual);  // what the process opens once and keeps: epoll, resolver
        warm.open_session();
    }
    const std::size_t before = open_descriptors();
    for (int i = 0; i < 5; ++i) {
        UpstreamScene scene([](const ServerRequest& request) {
            if (request.method() == "GET") return ServerAnswer::events("", Then::stay);
            if (request.body == kCall) return ServerAnswer::events("", Then::stay);
            if (request.body == kList)
                return ServerAnswer("HTTP/1.1 200 OK\r\nContent-Le", Then::reset);
            return usual(request);
        });
        scene.open_listening_session();
        TestClient calls[10], lists[10];
        for (TestClient& each : calls)
            scene.start(each, kCall);
        for (TestClient& each : lists)
            scene.start(each, kList);
        for (TestClient& each : lists)
            CHECK(scene.finish(each).has_error());
        CHECK(scene.wait([&] { return scene.server.open_connections() >= 11; }));
        for (TestClient& each : calls)
            each.cancellation.request(Error(ErrorCode::timed_out, "end"));
        for (TestClient& each : calls)
            scene.finish(each);
    }
    CHECK(open_descriptors() == before);
}

TEST_CASE(
    "an idle connection that the server closes is closed here too, without waiting for a use") {
    UpstreamScene scene(&usual);
    TestClient client;
    CHECK(scene.call(client, kCall).has_value());
    const std::size_t before = open_descriptors();
    scene.server.close_connection(0);
    CHECK(scene.wait([&] { return open_descriptors() == before - 2; }));  // both ends
}
