// SPDX-License-Identifier: Apache-2.0
// Stateless clients that leave before their answer: that is the cancellation. And those that don't.
#include "testing/stateless_post.hpp"
#include "testing/test_certificate.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::http;

namespace {

Json departing_tls(const testing::TestCertificate& certificate) {
    return Json{{"tls",
                 {{"enabled", true},
                  {"cert_path", certificate.cert_path},
                  {"key_path", certificate.key_path}}}};
}

/// A rig of one worker, plain or TLS.
class DepartureScene {
public:
    explicit DepartureScene(bool tls, const Json& config = Json::object())
        : tls_(tls),
          certificate("DNS:localhost"),
          rig(tls ? departing_tls(certificate) : config, 1) {}

    RawClient connect() {
        RawClient client = rig.connect();
        if (tls_) CHECK(client.start_tls());
        return client;
    }

    /// Long enough for a watch to have begun and to have read what is there.
    void wait_for_watch() {
        for (int tick = 0; tick < 2; ++tick)
            rig.wait_for_tick(0);
    }
    void release() { rig.run(0, rig.host.service(0).release_all()); }

private:
    bool tls_;

public:
    testing::TestCertificate certificate;
    ListenerRig rig;
};

void for_plain_and_tls(void (*test)(DepartureScene&)) {
    for (const bool tls : {false, true}) {
        CAPTURE(tls);
        DepartureScene scene(tls);
        test(scene);
    }
}

}  // namespace

TEST_CASE("a client that leaves cancels its request, with its id") {
    for_plain_and_tls([](DepartureScene& scene) {
        {
            RawClient leaving = scene.connect();
            leaving.send(StatelessPost("hold").id("7").text());
            REQUIRE(scene.rig.host.journal.wait_for("held"));
        }
        CHECK(scene.rig.host.journal.wait_for("cancelled 7"));
        CHECK(scene.rig.host.journal.wait_for("hold cancelled"));
        CHECK(scene.rig.host.journal.wait_for("conversation ended"));
    });
}

TEST_CASE("a client that leaves in the middle of its stream cancels its request") {
    for_plain_and_tls([](DepartureScene& scene) {
        {
            RawClient leaving = scene.connect();
            leaving.send(StatelessPost("hold open").text());
            CHECK(leaving.read_head().status == 200);
            CHECK(leaving.read_chunk());
            scene.wait_for_watch();
        }
        CHECK(scene.rig.host.journal.wait_for("cancelled \"call-1\""));
        CHECK(scene.rig.host.journal.wait_for("conversation ended"));
    });
}

TEST_CASE("nothing more is sent to a client that says that it leaves") {
    DepartureScene scene(false);
    RawClient client = scene.connect();
    client.send(StatelessPost("hold").text());
    REQUIRE(scene.rig.host.journal.wait_for("held"));
    client.shutdown_send();
    CHECK(client.at_end());
    CHECK(scene.rig.host.journal.wait_for("hold cancelled"));
}

TEST_CASE("only the request of the client that leaves is cancelled") {
    DepartureScene scene(false);
    RawClient staying = scene.connect();
    staying.send(StatelessPost("hold").text());
    REQUIRE(scene.rig.host.journal.wait_for("held"));
    {
        RawClient leaving = scene.connect();
        leaving.send(StatelessPost("hold").text());
        REQUIRE(scene.rig.host.journal.wait_for("held", 2));
    }
    CHECK(scene.rig.host.journal.wait_for("hold cancelled"));
    scene.release();
    CHECK(staying.read().status == 200);
    CHECK(scene.rig.host.journal.count("cancelled \"call-1\"") == 1);
}

TEST_CASE("a client that waits for long gets its answer, and the connection goes on") {
    for_plain_and_tls([](DepartureScene& scene) {
        RawClient client = scene.connect();
        for (std::size_t i = 1; i <= 2; ++i) {
            client.send(StatelessPost("hold").text());
            REQUIRE(scene.rig.host.journal.wait_for("held", i));
            scene.wait_for_watch();
            scene.release();
            CHECK(client.read().status == 200);
        }
        CHECK(client.ask(StatelessPost("where").text()).status == 200);
        CHECK(scene.rig.host.journal.count_any("cancelled") == 0);
        CHECK(scene.rig.host.journal.wait_for("conversation ended", 3));
    });
}

TEST_CASE("a long silence before an answer makes a stream, in which it is an event") {
    DepartureScene scene(false, Json{{"ping_interval_secs", 1}});
    RawClient client = scene.connect();
    client.send(StatelessPost("hold").text());
    const Response head = client.read_head();
    CHECK(head.status == 200);
    CHECK(head.field("content-type") == "text/event-stream");
    CHECK(client.read_chunk() == ": ping\n\n");
    scene.release();
    std::string events;
    while (const auto chunk = client.read_chunk())
        events += *chunk;
    CHECK(
        events.ends_with("data: {\"jsonrpc\":\"2.0\",\"id\":\"call-1\","
                         "\"result\":\"released\"}\n\n"));
    CHECK(client.ask(StatelessPost("where").text()).status == 200);
}

TEST_CASE("a request behind one that is under way is kept, whole or in part") {
    for_plain_and_tls([](DepartureScene& scene) {
        RawClient client = scene.connect();
        const std::string next =
            StatelessPost("where").id("\"" + std::string(3000, 'n') + "\"").text();
        client.send(StatelessPost("hold").text() + next + next.substr(0, 500));
        REQUIRE(scene.rig.host.journal.wait_for("held"));
        scene.wait_for_watch();
        client.send(next.substr(500, 500));
        scene.wait_for_watch();
        scene.release();
        CHECK(client.read().body.find("released") != std::string::npos);
        CHECK(client.read().status == 200);
        client.send(next.substr(1000));
        const Response last = client.read();
        CHECK(last.status == 200);
        CHECK(last.body.find(std::string(3000, 'n')) != std::string::npos);
    });
}

TEST_CASE("a client that has sent a request more and leaves cancels the one under way") {
    for_plain_and_tls([](DepartureScene& scene) {
        {
            RawClient leaving = scene.connect();
            leaving.send(StatelessPost("hold").text() + StatelessPost("where").text());
            REQUIRE(scene.rig.host.journal.wait_for("held"));
            scene.wait_for_watch();
        }
        CHECK(scene.rig.host.journal.wait_for("hold cancelled"));
        CHECK(scene.rig.host.journal.wait_for("conversation ended"));
    });
}

TEST_CASE("more than a read behind a request is kept too") {
    DepartureScene scene(false);
    RawClient client = scene.connect();
    client.send(StatelessPost("hold").text() +
                StatelessPost("where").id("\"" + std::string(60000, 'n') + "\"").text());
    REQUIRE(scene.rig.host.journal.wait_for("held"));
    scene.wait_for_watch();
    scene.release();
    CHECK(client.read().status == 200);
    CHECK(client.read().body.find(std::string(60000, 'n')) != std::string::npos);
}

TEST_CASE("a session's client that leaves cancels nothing") {
    DepartureScene scene(false);
    RawClient client = scene.connect();
    const std::string session = scene.rig.open_session(client);
    {
        RawClient leaving = scene.connect();
        leaving.send(post_in(session, R"({"jsonrpc":"2.0","id":1,"method":"hold"})"));
        REQUIRE(scene.rig.host.journal.wait_for("held"));
    }
    scene.wait_for_watch();
    CHECK(scene.rig.host.journal.count_any("cancelled") == 0);
    CHECK(client.ask(post_in(session, R"({"jsonrpc":"2.0","method":"release"})")).status == 202);
    CHECK((scene.rig.host.journal.wait_for("hold answered") ||
           scene.rig.host.journal.has("hold discarded")));
}

TEST_CASE("the listener's end leaves no conversation behind") {
    DepartureScene scene(false);
    RawClient client = scene.connect();
    client.send(StatelessPost("hold").text());
    REQUIRE(scene.rig.host.journal.wait_for("held"));
    scene.wait_for_watch();
    scene.rig.stop();
    CHECK(scene.rig.host.journal.has("conversation ended"));
}
