// SPDX-License-Identifier: Apache-2.0
// Sessions with servers of HTTP+SSE (2024-11-05), over real sockets.
#include "sse_connector.hpp"

#include "shadowcat/sdk/spawn.hpp"

#include "testing/upstream_scene.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::http;
using namespace shadowcat::http::testing;

namespace {

using Then = ServerAnswer::Then;

std::string endpoint(const std::string& where) {
    return "event: endpoint\ndata: " + where + "\n\n";
}

/// A server whose stream is its first connection, and which answers on it what is posted.
class SseServer {
public:
    ServerAnswer operator()(const ServerRequest& request) {
        if (request.method() == "GET") {
            return ServerAnswer::events(": hello\n\n" + endpoint("/messages?sessionId=7"),
                                        Then::stay);
        }
        if (request.body.find("vendor/refused") != std::string::npos) {
            return ServerAnswer::status("413 Too Large");
        }
        const Message asked = message(request.body);
        const bool opens = asked.method() == "initialize";
        const std::string id(asked.id());
        if (asked.is_request() && asked.method() != "vendor/silent") {
            say(opens ? R"({"jsonrpc":"2.0","id":)" + id +
                            R"(,"result":{"protocolVersion":"2025-06-18"}})"
                      : result(id));
        }
        return ServerAnswer::accepted();
    }

    void say(const std::string& text) { server->push(0, chunk(event(text))); }

    ScriptedServer* server = nullptr;
};

/// A link to such a server.
class SseScene {
public:
    explicit SseScene(const Json& settings = Json::object(),
                      const LinkOptions& options = LinkOptions())
        : scene([this](const ServerRequest& request) { return peer(request); }, settings, options,
                std::nullopt, Transport::sse) {
        peer.server = &scene.server;
    }

    SseServer peer;
    UpstreamScene scene;
};

awaitable<> open_into(Connector& connector, LinkEvents& events, std::optional<Error>& failed) {
    const LinkOptions options;
    const Result<std::unique_ptr<Link>> opened = co_await connector.open(events, options);
    failed = opened.has_error() ? opened.error() : Error(ErrorCode::internal, "opened");
}

/// Why no link can be opened to a server that answers GET so.
Error sse_refusal(const ServerAnswer& answer, const Json& settings = Json::object()) {
    UpstreamScene scene([&](const ServerRequest&) { return answer; });
    Json config = settings;
    config["url"] = "http://127.0.0.1:" + std::to_string(scene.server.port()) + "/sse";
    const ConnectorContext context(scene.worker, "test", scene.metrics);
    SseConnector connector(validated(config, SseConnector::schema()), context);
    std::optional<Error> failed;
    spawn_logged(scene.worker, open_into(connector, scene.events, failed), "test.open");
    REQUIRE(scene.wait([&] { return failed.has_value(); }));
    CHECK(scene.wait([&] { return scene.server.open_connections() == 0; }));
    CHECK(count(scene.server, "POST") == 0);
    return *failed;
}

}  // namespace

TEST_CASE("a session: a stream in, messages posted to the endpoint that it names") {
    LinkOptions transparent;
    transparent.ids = IdPolicy::preserve;
    SseScene over({{"headers", {{"Authorization", "Bearer t"}}}}, transparent);
    UpstreamScene& scene = over.scene;
    scene.open_session();
    TestClient client;
    CHECK(scene.call(client, kCall).has_value());
    CHECK(client.got == Lines{result("1")});
    CHECK(scene.send(R"({"jsonrpc":"2.0","method":"notifications/x"})").has_value());
    CHECK(scene.wait([&] { return scene.server.requests.size() == 5; }));
    const auto& seen = scene.server.requests;
    CHECK(seen[0].head.starts_with("GET /mcp HTTP/1.1\r\n"));
    CHECK(seen[0].header("Accept") == "text/event-stream");
    CHECK(seen[1].body == kInitialize);
    CHECK(seen[1].header("MCP-Protocol-Version").empty());
    CHECK(seen[2].body == kInitialized);
    CHECK(seen[3].body == kCall);
    for (std::size_t i = 0; i < seen.size(); ++i) {
        INFO(seen[i].head);
        CHECK(seen[i].header("Authorization") == "Bearer t");
        CHECK(seen[i].head.find("Mcp-Session-Id") == std::string::npos);
        if (i == 0) continue;
        CHECK(seen[i].head.starts_with("POST /messages?sessionId=7 HTTP/1.1\r\n"));
        if (i > 1) CHECK(seen[i].header("MCP-Protocol-Version") == "2025-06-18");
    }
    scene.close();
    CHECK(scene.wait([&] { return scene.server.open_connections() <= 1; }));
    CHECK_FALSE(scene.link->alive());
    CHECK(scene.events.closed.empty());
}

TEST_CASE("what the server says by itself reaches the owner, junk does not") {
    SseScene over;
    UpstreamScene& scene = over.scene;
    scene.open_session();
    const std::string changed = R"({"jsonrpc":"2.0","method":"notifications/tools/list_changed"})";
    scene.server.push(0, chunk("data: {]\n\n" + endpoint("/elsewhere") + "data:\n\n"));
    over.peer.say(changed);
    CHECK(scene.wait([&] { return !scene.events.got.empty(); }));
    CHECK(scene.events.got == Lines{changed});
    TestClient client;
    CHECK(scene.call(client, kCall).has_value());
    CHECK(scene.server.requests.back().head.starts_with("POST /messages?sessionId=7 "));
}

TEST_CASE("a cancelled call is told to the server, and its late answer is dropped") {
    SseScene over;
    UpstreamScene& scene = over.scene;
    TestClient client;
    scene.start(client, R"({"jsonrpc":"2.0","id":1,"method":"vendor/silent"})");
    CHECK(scene.wait([&] { return scene.server.requests.size() == 2; }));
    client.cancellation.request(downstream_error(ErrorCode::cancelled, "by the client"));
    CHECK(scene.finish(client).error().code() == ErrorCode::cancelled);
    CHECK(scene.wait([&] { return scene.server.requests.size() == 3; }));
    CHECK(message(scene.server.requests[2].body).method() == "notifications/cancelled");
    over.peer.say(result(id_of(scene.server.requests[1])));
    TestClient next;
    CHECK(scene.call(next, kList).has_value());
    CHECK(next.got == Lines{result("2")});
    CHECK(scene.events.got.empty());
}

TEST_CASE("when the stream ends all is over, and the owner hears of it") {
    SseScene over;
    UpstreamScene& scene = over.scene;
    TestClient client;
    scene.start(client, R"({"jsonrpc":"2.0","id":1,"method":"vendor/silent"})");
    CHECK(scene.wait([&] { return scene.server.requests.size() == 2; }));
    SUBCASE("in good order") {
        scene.server.push(0, "0\r\n\r\n");
        CHECK(scene.finish(client).error().code() == ErrorCode::closed);
    }
    SUBCASE("or broken") {
        scene.server.close_connection(0);
        CHECK(scene.finish(client).error().code() == ErrorCode::crashed);
    }
    CHECK(scene.wait([&] { return scene.events.closed.size() == 1; }));
    CHECK_FALSE(scene.link->alive());
    TestClient late;
    CHECK(scene.call(late, kList).error().nothing_sent());
}

TEST_CASE(
    "a request that the server doesn't take is answered in its name, and the session goes on") {
    SseScene over;
    UpstreamScene& scene = over.scene;
    TestClient client, next;
    CHECK(
        scene.call(client, R"({"jsonrpc":"2.0","id":"r","method":"vendor/refused"})").has_value());
    REQUIRE(client.got.size() == 1);
    const Message answer = message(client.got[0]);
    CHECK(answer.kind() == MessageKind::error);
    CHECK(answer.id() == "\"r\"");
    CHECK(answer.bytes().find("answered 413") != std::string::npos);
    CHECK(answer.bytes().find(R"("gateway":"shadowcat")") != std::string::npos);
    CHECK(scene.send(R"({"jsonrpc":"2.0","method":"vendor/refused"})").has_value());
    CHECK(scene.call(next, kCall).has_value());
    CHECK(next.got == Lines{result("1")});
    CHECK(scene.link->alive());
    CHECK(scene.events.got.empty());
}

TEST_CASE("closing the link fails what is under way and leaves no stream") {
    SseScene over;
    UpstreamScene& scene = over.scene;
    TestClient client;
    scene.start(client, R"({"jsonrpc":"2.0","id":1,"method":"vendor/silent"})");
    CHECK(scene.wait([&] { return scene.server.requests.size() == 2; }));
    scene.close();
    CHECK(scene.finish(client).error().code() == ErrorCode::closed);
    CHECK(scene.events.closed.empty());
}

TEST_CASE("no link without an endpoint at the same origin") {
    const std::vector<std::pair<ServerAnswer, std::pair<ErrorCode, const char*>>> table = {
        {ServerAnswer::events(endpoint("http://127.0.0.1:1/messages"), Then::stay),
         {ErrorCode::protocol, "is at another origin: 127.0.0.1:1"}},
        {ServerAnswer::events(endpoint("//evil.example/m"), Then::stay),
         {ErrorCode::protocol, "is at another origin: evil.example"}},
        {ServerAnswer::events(event(result("1")), Then::stay),
         {ErrorCode::protocol, "its first event is not the endpoint"}},
        {ServerAnswer::events(": nothing\n\n", Then::close),
         {ErrorCode::crashed, "closed the connection"}},
        {ServerAnswer::events(""), {ErrorCode::closed, "the event stream ended"}},
        {ServerAnswer::json(result("1")), {ErrorCode::protocol, "answered with JSON"}},
        {ServerAnswer::status("404 No"), {ErrorCode::protocol, "answered 404"}},
        {ServerAnswer::status("405 No"), {ErrorCode::protocol, "answered 405"}},
        {ServerAnswer::status("401 No"), {ErrorCode::protocol, "wants other credentials"}},
        {ServerAnswer::status("503 Busy"), {ErrorCode::unavailable, "answered 503"}},
    };
    for (const auto& [answer, expected] : table) {
        INFO(answer.bytes);
        ServerAnswer last = answer;
        if (last.then == Then::keep) last.then = Then::close;
        const Error error = sse_refusal(last);
        CHECK(error.code() == expected.first);
        CHECK_MESSAGE(error.message().find(expected.second) != std::string::npos, error.message());
    }
}

TEST_CASE("an endpoint that never comes is not waited for for ever") {
    const Error error =
        sse_refusal(ServerAnswer::events(": wait\n\n", Then::stay), {{"connect_timeout_secs", 1}});
    CHECK(error.code() == ErrorCode::timed_out);
}

TEST_CASE("a server that isn't there is unreachable") {
    UpstreamScene scene(&usual);
    const ConnectorContext context(scene.worker, "test", scene.metrics);
    SseConnector connector(validated({{"url", "http://127.0.0.1:1/sse"}}, SseConnector::schema()),
                           context);
    std::optional<Error> failed;
    spawn_logged(scene.worker, open_into(connector, scene.events, failed), "test.open");
    REQUIRE(scene.wait([&] { return failed.has_value(); }));
    CHECK(failed->code() == ErrorCode::unreachable);
    CHECK(failed->nothing_sent());
}
