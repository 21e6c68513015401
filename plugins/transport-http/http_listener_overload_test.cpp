// SPDX-License-Identifier: Apache-2.0
// Bytes in flight: who is read, who waits, who is told to come again.
#include "testing/listener_rig.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::http;

namespace {

constexpr std::string_view kOverloadHold = R"({"jsonrpc":"2.0","id":1,"method":"hold"})";
constexpr std::string_view kRelease = R"({"jsonrpc":"2.0","method":"release"})";
constexpr std::string_view kOverloadWhere = R"({"jsonrpc":"2.0","id":2,"method":"where"})";

std::string padded(std::string_view message, std::size_t size) {
    std::string text(message);
    text.resize(size, ' ');
    return text;
}

template <class Condition>
bool soon(const Condition& condition) {
    for (int i = 0; i < 2000 && !condition(); ++i)
        ListenerRig::nap();
    return condition();
}

/// A rig whose process may hold 100,000 bytes, and a session in it.
class OverloadScene {
public:
    explicit OverloadScene(const Json& config = Json::object(), std::size_t max_waiting = 10)
        : rig(config, 1), client(rig.connect()), session(rig.open_session(client)) {
        rig.host.bytes.resize(100000, max_waiting);
    }

    std::string text_of(std::string_view message, std::size_t size) const {
        return post_in(session, padded(message, size));
    }
    void hold(RawClient& with) {
        with.send(text_of(kOverloadHold, 60000));
        REQUIRE(rig.host.journal.wait_for("held"));
    }
    int release() { return client.ask(post_in(session, kRelease)).status; }
    bool somebody_waits() const {
        return soon([&] { return rig.host.bytes.waiting() == 1; });
    }
    bool holds(std::size_t bytes) const {
        return soon([&] { return rig.host.bytes.used() == bytes; });
    }

    ListenerRig rig;
    RawClient client;
    std::string session;
};

}  // namespace

TEST_CASE("a body counts until its answer was written") {
    OverloadScene scene;
    RawClient holding = scene.rig.connect();
    scene.hold(holding);
    CHECK(scene.rig.host.bytes.used() == 60000);
    CHECK(scene.release() == 202);
    CHECK(holding.read().status == 200);
    CHECK(scene.holds(0));
}

TEST_CASE("a body that doesn't fit waits, unread, and is answered once there is room") {
    OverloadScene scene;
    RawClient holding = scene.rig.connect(), waiting = scene.rig.connect();
    scene.hold(holding);
    waiting.send(scene.text_of(kOverloadWhere, 50000));
    REQUIRE(scene.somebody_waits());
    CHECK(scene.client.ask(post_in(scene.session, kOverloadWhere)).status ==
          200);  // small ones overtake
    CHECK_FALSE(waiting.readable_within(0));
    CHECK(scene.release() == 202);
    CHECK(holding.read().status == 200);
    CHECK(waiting.read().status == 200);
    CHECK(scene.holds(0));
    CHECK(scene.rig.host.metric("shadowcat_http_refused_total", "memory") == 0);
}

TEST_CASE("a body that would have to wait too long is told to come again") {
    OverloadScene scene(Json{{"body_timeout_secs", 1}});
    RawClient holding = scene.rig.connect(), waiting = scene.rig.connect();
    scene.hold(holding);
    const Response shed = waiting.ask(scene.text_of(kOverloadWhere, 50000));
    CHECK(shed.status == 503);
    CHECK(shed.field("retry-after") == "1");
    CHECK(shed.field("connection") == "close");
    CHECK(shed.body.find("too much is under way") != std::string::npos);
    CHECK(scene.rig.host.metric("shadowcat_http_refused_total", "memory") == 1);
    CHECK(scene.rig.host.journal.has_any("refused 503 memory method= bytes=50000"));
    CHECK(scene.rig.host.bytes.used() == 60000);
    CHECK(scene.rig.host.bytes.waiting() == 0);
}

TEST_CASE("more than may wait, or than there is at all, is refused at once") {
    OverloadScene scene(Json::object(), 0);
    RawClient holding = scene.rig.connect(), second = scene.rig.connect();
    scene.hold(holding);
    CHECK(second.ask(scene.text_of(kOverloadWhere, 50000)).status == 503);
    RawClient third = scene.rig.connect();
    CHECK(third.ask(scene.text_of(kOverloadWhere, 100001)).status == 503);
}

TEST_CASE("bodies of unknown length take room step by step") {
    OverloadScene scene;
    RawClient client = scene.rig.connect();
    std::string text = post_in(scene.session, "");
    const std::string length = "Content-Length: 0";
    text.replace(text.find(length), length.size(), "Transfer-Encoding: chunked");
    client.send(text + "5\r\n     \r\n");
    REQUIRE(scene.holds(65536));
    client.send("10000\r\n" + std::string(65536, ' ') + "\r\n");
    REQUIRE(scene.somebody_waits());
    scene.rig.host.bytes.resize(200000, 10);
    REQUIRE(kOverloadWhere.size() == 0x29);
    client.send("29\r\n" + std::string(kOverloadWhere) + "\r\n0\r\n\r\n");
    CHECK(client.read().status == 200);
    CHECK(scene.holds(0));
}

TEST_CASE("the client is only told to go on once there is room") {
    OverloadScene scene;
    RawClient holding = scene.rig.connect(), polite = scene.rig.connect();
    scene.hold(holding);
    const std::string text = scene.text_of(kOverloadWhere, 50000);
    const std::size_t body = text.find("\r\n\r\n") + 4;
    polite.send(text.substr(0, body - 2) + "Expect: 100-continue\r\n\r\n");
    REQUIRE(scene.somebody_waits());
    CHECK_FALSE(polite.readable_within(0));
    CHECK(scene.release() == 202);
    CHECK(polite.read_head().status == 100);
    CHECK(polite.ask(text.substr(body)).status == 200);
}

TEST_CASE("a connection that ends gives back what it held") {
    OverloadScene scene;
    {
        RawClient half = scene.rig.connect();
        half.send(scene.text_of(kOverloadWhere, 60000).substr(0, 1000));
        REQUIRE(scene.holds(60000));
    }
    CHECK(scene.holds(0));
}

TEST_CASE("stopping doesn't wait for those who wait for room") {
    OverloadScene scene(Json{{"body_timeout_secs", 3600}});
    RawClient holding = scene.rig.connect(), waiting = scene.rig.connect();
    scene.hold(holding);
    waiting.send(scene.text_of(kOverloadWhere, 50000));
    REQUIRE(scene.somebody_waits());
    scene.rig.stop();
    CHECK(scene.rig.host.bytes.waiting() == 0);
    CHECK(scene.rig.host.bytes.used() == 0);
    waiting.read();
    CHECK(waiting.at_end());
}
