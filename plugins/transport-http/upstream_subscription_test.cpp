// SPDX-License-Identifier: Apache-2.0
// subscriptions/listen over HTTP: long calls, each with its own stream and its client's id.
#include "testing/stateless_messages.hpp"
#include "testing/upstream_scene.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::http;
using namespace shadowcat::http::testing;

namespace {

using Then = ServerAnswer::Then;

std::string listen(const std::string& id) {
    return stateless(id, "subscriptions/listen", R"("notifications":{"toolsListChanged":true})");
}

std::string tagged(const std::string& method, const std::string& id) {
    return R"({"jsonrpc":"2.0","method":"notifications/)" + method +
           R"(","params":{"_meta":{"io.modelcontextprotocol/subscriptionId":)" + id + "}}}";
}

std::string ended(const std::string& id) {
    return R"({"jsonrpc":"2.0","id":)" + id +
           R"(,"result":{"resultType":"complete","big":12345678901234567890123,"_meta":{"io.modelcontextprotocol/subscriptionId":)" +
           id + "}}}";
}

LinkOptions shared() {
    LinkOptions options;
    options.exclusive = false;
    return options;
}

/// Acknowledges a listen and tells it of a change, and of foreign ones; everything else as usual.
ServerAnswer listening(const ServerRequest& request) {
    if (request.header("Mcp-Method") != "subscriptions/listen") return usual(request);
    const std::string id = id_of(request);
    return ServerAnswer::events(
        event(tagged("subscriptions/acknowledged", id)) +
            event(tagged("tools/list_changed", "\"someone else's\"")) +
            event(
                R"({"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":)" +
                id + "}}") +
            event(
                R"({"jsonrpc":"2.0","method":"notifications/message","params":{"level":"error"}})") +
            event(tagged("tools/list_changed", id)),
        Then::stay);
}

}  // namespace

TEST_CASE("clients that share a link and an id each get their own subscription, to its end") {
    UpstreamScene scene(&listening, Json::object(), shared());
    TestClient first, second;
    scene.start(first, listen("\"s\""));
    scene.start(second, listen("\"s\""));
    const Lines expected = {tagged("subscriptions/acknowledged", "\"s\""),
                            tagged("tools/list_changed", "\"s\"")};
    CHECK(scene.wait([&] { return first.got.size() >= 2 && second.got.size() >= 2; }));
    CHECK(first.got == expected);
    CHECK(second.got == expected);
    const ServerRequest& seen = scene.server.requests.at(0);
    CHECK(seen.header("Mcp-Method") == "subscriptions/listen");
    const std::string id = id_of(seen);
    CHECK(id != id_of(scene.server.requests.at(1)));
    scene.server.push(seen.connection, chunk(event(ended(id))));
    CHECK(scene.finish(first).has_value());
    CHECK(first.got.back() == ended("\"s\""));
    CHECK_FALSE(second.outcome.has_value());
    second.cancellation.request(downstream_error(ErrorCode::cancelled, "by the client"));
    CHECK(scene.finish(second).error().code() == ErrorCode::cancelled);
    CHECK(scene.wait([&] { return scene.server.open_connections() == 0; }));
}

TEST_CASE("listens don't count against the connections that calls may use") {
    UpstreamScene scene(&listening, {{"max_connections", 1}});
    TestClient first, second, caller;
    scene.start(first, listen("1"));
    scene.start(second, listen("2"));
    CHECK(scene.wait([&] { return first.got.size() == 2 && second.got.size() == 2; }));
    CHECK(scene.call(caller, stateless("3", "tools/list")).has_value());
    scene.close();
    CHECK(scene.finish(first).error().code() == ErrorCode::closed);
    CHECK(scene.finish(second).error().code() == ErrorCode::closed);
}

TEST_CASE("a listen whose stream breaks has crashed; it isn't opened again behind the client") {
    UpstreamScene scene(&listening);
    TestClient client;
    scene.start(client, listen("1"));
    CHECK(scene.wait([&] { return client.got.size() == 2; }));
    scene.server.close_connection(0);
    CHECK(scene.finish(client).error().code() == ErrorCode::crashed);
    CHECK(scene.server.requests.size() == 1);
}
