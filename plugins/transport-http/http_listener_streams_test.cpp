// SPDX-License-Identifier: Apache-2.0
// GET streams: what the server says by itself, for as long as client and session live.
#include "testing/listener_rig.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::http;

namespace {

constexpr std::string_view kStreamsSay = R"({"jsonrpc":"2.0","method":"say"})";
const std::string kStreamSaid =
    "event: message\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"said\"}\n\n";

std::string stream_in(const std::string& session) {
    return request("GET", "Accept: text/event-stream\r\nMcp-Session-Id: " + session + "\r\n");
}

/// A rig with a session and its stream, on different connections.
class StreamScene {
public:
    explicit StreamScene(const Json& config = Json::object())
        : rig(config), client(rig.connect()), stream(rig.connect()) {
        session = rig.open_session(client);
    }

    int listen(RawClient& from) {
        from.send(stream_in(session));
        const Response head = from.read_head();
        if (head.status == 200) CHECK(rig.host.journal.wait_for("listening"));
        return head.status;
    }
    int say() { return client.ask(post_in(session, kStreamsSay)).status; }

    ListenerRig rig;
    RawClient client;
    RawClient stream;
    std::string session;
};

}  // namespace

TEST_CASE("the head of a stream comes at once, then each message as it is said") {
    StreamScene scene;
    scene.stream.send(stream_in(scene.session));
    const Response head = scene.stream.read_head();
    CHECK(head.status == 200);
    CHECK(head.field("content-type") == "text/event-stream");
    CHECK(head.field("cache-control") == "no-cache");
    CHECK(head.field("x-accel-buffering") == "no");
    CHECK(scene.say() == 202);
    CHECK(scene.stream.read_chunk() == kStreamSaid);
    CHECK(scene.say() == 202);
    CHECK(scene.stream.read_chunk() == kStreamSaid);
}

TEST_CASE("streams work on sessions of either worker") {
    ListenerRig rig;
    RawClient clients[] = {rig.connect(), rig.connect()};
    for (RawClient& client : clients) {
        const std::string session = rig.open_session(client);
        RawClient streams[] = {rig.connect(), rig.connect()};
        for (RawClient& stream : streams) {
            stream.send(stream_in(session));
            REQUIRE(stream.read_head().status == 200);
            REQUIRE(client.ask(post_in(session, kStreamsSay)).status == 202);
            CHECK(stream.read_chunk() == kStreamSaid);
            stream.shutdown_send();
            CHECK(stream.at_end());
        }
    }
}

TEST_CASE("the session's end is the stream's") {
    StreamScene scene;
    REQUIRE(scene.listen(scene.stream) == 200);
    scene.client.ask(request("DELETE", "Mcp-Session-Id: " + scene.session + "\r\n"));
    CHECK_FALSE(scene.stream.read_chunk());
    CHECK(scene.stream.at_end());
    CHECK(scene.rig.host.journal.has("listening ended"));
}

TEST_CASE("one stream a session; a second is refused and leaves the first alone") {
    StreamScene scene;
    REQUIRE(scene.listen(scene.stream) == 200);
    RawClient second = scene.rig.connect();
    const Response refused = second.ask(stream_in(scene.session));
    CHECK(refused.status == 409);
    CHECK(refused.body.find("-32600") != std::string::npos);
    CHECK(second.ask(stream_in(scene.session)).status == 409);  // the connection goes on
    CHECK(scene.say() == 202);
    CHECK(scene.stream.read_chunk() == kStreamSaid);
}

TEST_CASE("a client that goes away is noticed without a word, and may come back") {
    StreamScene scene;
    {
        RawClient leaving = scene.rig.connect();
        REQUIRE(scene.listen(leaving) == 200);
    }
    CHECK(scene.rig.host.journal.wait_for("listening ended"));
    CHECK(scene.listen(scene.stream) == 200);
    CHECK(scene.say() == 202);
    CHECK(scene.stream.read_chunk() == kStreamSaid);
}

TEST_CASE("what a client sends on its stream is not answered and does no harm") {
    StreamScene scene;
    scene.stream.send(stream_in(scene.session) + "GET /health HTTP/1.1\r\n");
    REQUIRE(scene.stream.read_head().status == 200);
    scene.stream.send("Host: localhost\r\n\r\n" + std::string(100000, 'x'));
    CHECK(scene.say() == 202);
    CHECK(scene.stream.read_chunk() == kStreamSaid);
}

TEST_CASE("streams need a session") {
    StreamScene scene;
    CHECK(scene.stream.ask(request("GET", "Accept: text/event-stream\r\n")).status == 400);
    CHECK(scene.stream.ask(stream_in("0-999")).status == 404);
    CHECK(scene.stream.ask(stream_in("1-999")).status == 404);
    CHECK(scene.listen(scene.stream) == 200);
}

TEST_CASE("HTTP/1.0 gets the bare events until the connection's end") {
    StreamScene scene;
    std::string text = stream_in(scene.session);
    text.replace(text.find("HTTP/1.1"), 8, "HTTP/1.0");
    scene.stream.send(text);
    const Response head = scene.stream.read_head();
    CHECK(head.status == 200);
    CHECK(head.field("connection") == "close");
    CHECK(head.field("transfer-encoding").empty());
    REQUIRE(scene.rig.host.journal.wait_for("listening"));
    CHECK(scene.say() == 202);
    scene.client.ask(request("DELETE", "Mcp-Session-Id: " + scene.session + "\r\n"));
    CHECK(scene.stream.read_to_end() == kStreamSaid);
}

TEST_CASE("silence on a stream is filled with comments") {
    StreamScene scene(Json{{"ping_interval_secs", 1}});
    REQUIRE(scene.listen(scene.stream) == 200);
    CHECK(scene.stream.read_chunk() == ": ping\n\n");
    CHECK(scene.say() == 202);
    CHECK(scene.stream.read_chunk() == kStreamSaid);
    CHECK(scene.stream.read_chunk() == ": ping\n\n");
}

TEST_CASE("silence inside the answer to a request, too") {
    StreamScene scene(Json{{"ping_interval_secs", 1}});
    scene.stream.send(post_in(scene.session, R"({"jsonrpc":"2.0","id":1,"method":"hold open"})"));
    REQUIRE(scene.stream.read_head().status == 200);
    CHECK(scene.stream.read_chunk()->find("\"note\"") != std::string::npos);
    CHECK(scene.stream.read_chunk() == ": ping\n\n");
    scene.client.ask(post_in(scene.session, R"({"jsonrpc":"2.0","method":"release"})"));
    std::optional<std::string> last = scene.stream.read_chunk();
    if (last == ": ping\n\n") last = scene.stream.read_chunk();
    CHECK(last->find("\"released\"") != std::string::npos);
    CHECK_FALSE(scene.stream.read_chunk());
    CHECK(scene.stream.ask(request("GET", "", "/health")).status == 200);
}
