// SPDX-License-Identifier: Apache-2.0
// How calls end before their response: cancelled, too slow, closed; and links that clients share.
#include "testing/upstream_scene.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::http;
using namespace shadowcat::http::testing;

namespace {

using Then = ServerAnswer::Then;

/// Answers `tools/call` as told, everything else as usual.
ScriptedServer::Script each_call_gets(ServerAnswer answer) {
    return [answer](const ServerRequest& request) {
        const bool call = request.body.find("tools/call") != std::string::npos;
        return call ? answer : usual(request);
    };
}

}  // namespace

TEST_CASE(
    "a cancelled call: the server is told with the client's words, the connection is given up") {
    UpstreamScene scene(each_call_gets(ServerAnswer::events("", Then::stay)));
    scene.open_session();
    TestClient client;
    scene.start(client, kCall);
    CHECK(scene.wait([&] { return scene.server.requests.back().body == kCall; }));
    const std::string notice =
        R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1,"reason":"bored"}})";
    client.cancellation.request(downstream_error(ErrorCode::cancelled, "by the client"),
                                message(notice));
    const Result<void> outcome = scene.finish(client);
    CHECK(outcome.error().code() == ErrorCode::cancelled);
    CHECK(client.got.empty());
    CHECK(scene.wait([&] { return scene.server.requests.back().body == notice; }));
}

TEST_CASE("a call that takes too long is cancelled in our words; initialize never is") {
    UpstreamScene scene([](const ServerRequest&) { return ServerAnswer("", Then::stay); });
    TestClient first, second;
    scene.start(first, kInitialize);
    CHECK(scene.wait([&] { return scene.server.requests.size() == 1; }));
    first.cancellation.request(Error(ErrorCode::timed_out, "too long"));
    CHECK(scene.finish(first).error().code() == ErrorCode::timed_out);
    scene.start(second, kCall);
    CHECK(scene.wait([&] { return scene.server.requests.size() == 2; }));
    second.cancellation.request(Error(ErrorCode::timed_out, "too long"));
    CHECK(scene.finish(second).error().code() == ErrorCode::timed_out);
    CHECK(scene.wait([&] { return scene.server.requests.size() == 3; }));
    CHECK(
        scene.server.requests.back().body ==
        R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1,"reason":"timed_out"}})");
}

TEST_CASE("a call cancelled before it left is not sent and not cancelled at the server") {
    UpstreamScene scene(&usual);
    TestClient client;
    client.cancellation.request(downstream_error(ErrorCode::cancelled, "by the client"));
    const Result<void> outcome = scene.call(client, kCall);
    CHECK(outcome.error().code() == ErrorCode::cancelled);
    CHECK(outcome.error().nothing_sent());
    CHECK(scene.server.requests.empty());
}

TEST_CASE("closing the link fails what is under way") {
    UpstreamScene scene(each_call_gets(ServerAnswer::events(": wait\n", Then::stay)));
    scene.open_session();
    TestClient client;
    scene.start(client, kCall);
    CHECK(scene.wait([&] { return scene.server.requests.back().body == kCall; }));
    scene.close();
    CHECK(scene.finish(client).error().code() == ErrorCode::closed);
    CHECK(scene.events.closed.empty());
}

TEST_CASE("destroying the link without closing it ends everything by force") {
    UpstreamScene scene(each_call_gets(ServerAnswer::events("", Then::stay)));
    scene.open_session();
    auto link = scene.open_link();
    TestClient client;
    std::swap(link, scene.link);
    scene.start(client, kCall);
    CHECK(scene.wait([&] { return scene.server.requests.back().body == kCall; }));
    scene.link.reset();
    CHECK(scene.finish(client).error().code() == ErrorCode::closed);
    std::swap(link, scene.link);
}

TEST_CASE(
    "on a shared link clients with the same id and token don't meet, and get their own back") {
    LinkOptions shared;
    shared.exclusive = false;
    UpstreamScene scene(
        [](const ServerRequest& request) {
            const Message asked = message(request.body);
            if (!asked.is_request()) return ServerAnswer::accepted();
            const std::string id(asked.id()), token(asked.progress_token());
            return ServerAnswer::events(
                R"(data: {"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":)" +
                    token + "}}\n\n" + "data: " + result(id) + "\n\n",
                Then::stay);
        },
        Json::object(), shared);
    const std::string request =
        R"({"jsonrpc":"2.0","id":"a","method":"x","params":{"_meta":{"progressToken":"t"}}})";
    const Lines expected = {
        R"({"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"t"}})",
        result("\"a\"")};
    TestClient first, second;
    scene.start(first, request);
    scene.start(second, request);
    CHECK(scene.finish(first).has_value());
    CHECK(scene.finish(second).has_value());
    CHECK(first.got == expected);
    CHECK(second.got == expected);
    CHECK(id_of(scene.server.requests.at(0)) != id_of(scene.server.requests.at(1)));
}

TEST_CASE("on a shared link a cancellation names the id that the server knows") {
    LinkOptions shared;
    shared.exclusive = false;
    UpstreamScene scene(each_call_gets(ServerAnswer("", Then::stay)), Json::object(), shared);
    TestClient client;
    scene.start(client, R"({"jsonrpc":"2.0","id":"a","method":"tools/call","params":{}})");
    CHECK(scene.wait([&] { return scene.server.requests.size() == 1; }));
    client.cancellation.request(
        downstream_error(ErrorCode::cancelled, "by the client"),
        message(
            R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"a"}})"));
    CHECK(scene.finish(client).error().code() == ErrorCode::cancelled);
    CHECK(scene.wait([&] { return scene.server.requests.size() == 2; }));
    CHECK(scene.server.requests.back().body ==
          R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":)" +
              id_of(scene.server.requests.at(0)) + "}}");
}

TEST_CASE("a call that waits for a name to be resolved ends when it is cancelled") {
    UpstreamScene scene(&usual, {{"url", "http://no-such-host.invalid/mcp"}});
    TestClient client;
    scene.start(client, kCall);
    scene.worker.poll();
    REQUIRE_FALSE(client.outcome.has_value());
    client.cancellation.request(Error(ErrorCode::timed_out, "too long"));
    CHECK(scene.finish(client).error().code() == ErrorCode::timed_out);
    CHECK(client.outcome->error().nothing_sent());
}
