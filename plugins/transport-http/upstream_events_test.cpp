// SPDX-License-Identifier: Apache-2.0
// Event streams from a server: answers message by message, interrupted answers.
#include "testing/upstream_scene.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::http;
using namespace shadowcat::http::testing;

namespace {

using Then = ServerAnswer::Then;

const std::string kProgress =
    R"({"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1,"progress":1}})";
const std::string kAsk =
    R"({"jsonrpc":"2.0","id":"s1","method":"sampling/createMessage","params":{}})";
const std::string kChanged = R"({"jsonrpc":"2.0","method":"notifications/tools/list_changed"})";

bool is_call(const ServerRequest& request) {
    return request.body.find("tools/call") != std::string::npos;
}

}  // namespace

TEST_CASE(
    "the messages of a stream arrive in order, the response last, and comments and odd events not "
    "at all") {
    const std::string stream = ": hello\n\nid: 1\ndata:\n\n" + event(kProgress) +
                               "event: ping\ndata: x\n\n" + event(kAsk) + event(result("1")) +
                               event(kChanged);
    for (const bool bytewise : {false, true}) {
        UpstreamScene scene([&](const ServerRequest& request) {
            ServerAnswer answer = is_call(request) ? ServerAnswer::events(stream) : usual(request);
            answer.bytewise = bytewise;
            return answer;
        });
        TestClient client;
        CHECK(scene.call(client, kCall).has_value());
        CHECK(client.got == Lines{kProgress, kAsk, result("1")});
        CHECK(scene.events.got.empty());
    }
}

TEST_CASE("a connection that carried a stream is used again once the stream has ended") {
    UpstreamScene scene([&](const ServerRequest& request) {
        ServerAnswer answer = ServerAnswer::events(event(result(id_of(request))));
        answer.bytewise = true;  // the response is complete before the stream's last chunk arrives
        return answer;
    });
    TestClient first, second;
    CHECK(scene.call(first, kCall).has_value());
    const std::size_t of_server = 2;  // accepting, serving
    CHECK(scene.wait([&] { return scene.worker.gate().inside() == of_server; }));
    CHECK(scene.call(second, kList).has_value());
    CHECK(scene.server.connections() == 1);
}

TEST_CASE("a connection whose stream does not end after the response is given up") {
    UpstreamScene scene([&](const ServerRequest& request) {
        return ServerAnswer::events(event(result(id_of(request))), Then::stay);
    });
    TestClient client;
    CHECK(scene.call(client, kCall).has_value());
    CHECK(scene.wait([&] { return scene.server.open_connections() == 0; }));
}

TEST_CASE("what is not read is not taken: a slow client slows its server") {
    UpstreamScene scene([&](const ServerRequest& request) {
        return is_call(request) ? ServerAnswer::events(event(kProgress), Then::stay)
                                : usual(request);
    });
    TestClient slow;
    slow.hold = true;
    scene.start(slow, kCall);
    CHECK(scene.wait([&] { return slow.got.size() == 1; }));
    scene.server.push(0, chunk(event(result("1"))) + "0\r\n\r\n");
    TestClient other;
    CHECK(scene.call(other, kList).has_value());
    CHECK(slow.got.size() == 1);
    slow.hold = false;
    slow.released.notify();
    CHECK(scene.finish(slow).has_value());
    CHECK(slow.got == Lines{kProgress, result("1")});
}

TEST_CASE("when the receiver has gone the call goes on to its end, and nothing more is written") {
    UpstreamScene scene([&](const ServerRequest&) {
        return ServerAnswer::events(event(kProgress) + event(kProgress) + event(result("1")));
    });
    TestClient client;
    client.gone = true;
    CHECK(scene.call(client, kCall).has_value());
    CHECK(client.got == Lines{kProgress});
    CHECK(scene.server.requests.size() == 1);
}

TEST_CASE("an error without an id on a request's stream answers that request") {
    UpstreamScene scene([&](const ServerRequest&) {
        return ServerAnswer::events(
            event(R"({"jsonrpc":"2.0","id":null,"error":{"code":-1,"message":"x"}})"));
    });
    TestClient client;
    CHECK(scene.call(client, kCall).has_value());
    CHECK(client.got == Lines{R"({"jsonrpc":"2.0","id":1,"error":{"code":-1,"message":"x"}})"});
}

TEST_CASE("initialize answered by a stream opens the session too") {
    UpstreamScene scene([&](const ServerRequest& request) {
        if (request.body != kInitialize) return usual(request);
        return ServerAnswer::events(
            event(R"({"jsonrpc":"2.0","id":0,"result":{"protocolVersion":"2025-11-25"}})"),
            Then::keep, "Mcp-Session-Id: from-stream\r\n");
    });
    scene.open_session();
    CHECK(scene.server.requests.at(1).header("Mcp-Session-Id") == "from-stream");
    CHECK(scene.server.requests.at(1).header("MCP-Protocol-Version") == "2025-11-25");
}

TEST_CASE(
    "a stream that ends early is resumed from its last event, again and again, without repeating "
    "the call") {
    int resumed = 0;
    UpstreamScene scene([&](const ServerRequest& request) {
        if (is_call(request)) {
            return ServerAnswer::events("id: a.1\nretry: 10\ndata:\n\n", Then::keep);
        }
        if (request.method() != "GET" || request.header("Last-Event-ID").empty())
            return usual(request);
        switch (++resumed) {
            case 1:
                return ServerAnswer::events(event(kProgress, "a.2"), Then::reset);
            case 2:
                return ServerAnswer::status("503 Busy");
            default:
                return ServerAnswer::events(event(result("1"), "a.3"));
        }
    });
    scene.open_session();
    TestClient client;
    CHECK(scene.call(client, kCall).has_value());
    CHECK(client.got == Lines{kProgress, result("1")});
    Lines cursors;
    std::size_t posted = 0;
    for (const ServerRequest& each : scene.server.requests) {
        posted += is_call(each);
        const std::string cursor = each.header("Last-Event-ID");
        if (cursor.empty()) continue;
        cursors.push_back(cursor);
        CHECK(each.header("Accept") == "text/event-stream");
        CHECK(each.header("Mcp-Session-Id") == "session-0123456789");
    }
    CHECK(cursors == Lines{"a.1", "a.2", "a.2"});
    CHECK(posted == 1);
}

TEST_CASE("a stream that can't be resumed fails the call") {
    UpstreamScene scene([&](const ServerRequest& request) {
        if (is_call(request)) return ServerAnswer::events("id: a.1\nretry: 1\ndata:\n\n");
        return usual(request);  // GET: 405
    });
    TestClient client;
    const Result<void> outcome = scene.call(client, kCall);
    REQUIRE(outcome.has_error());
    CHECK(outcome.error().code() == ErrorCode::crashed);
    CHECK(
        outcome.error().message().ends_with("ended without the response and could not be resumed"));
    CHECK(count(scene.server, "GET") == 1);
}

TEST_CASE("a call that waits to resume can be cancelled") {
    UpstreamScene scene([&](const ServerRequest& request) {
        if (is_call(request)) return ServerAnswer::events("id: a.1\nretry: 600000\ndata:\n\n");
        return usual(request);
    });
    TestClient client;
    scene.start(client, kCall);
    CHECK(scene.wait([&] { return scene.server.requests.size() == 1; }));
    TestClient other;
    CHECK(scene.call(other, kList).has_value());
    client.cancellation.request(Error(ErrorCode::timed_out, "too long"));
    CHECK(scene.finish(client).error().code() == ErrorCode::timed_out);
}
