// SPDX-License-Identifier: Apache-2.0
// Batches, which only 2025-03-26 has.
#include "testing/stateless_post.hpp"
#include "testing/test_certificate.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::http;

namespace {

std::string initialize(std::string_view revision) {
    return R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":")" +
           std::string(revision) + "\"}}";
}

std::string call_in_batch(std::string_view id, std::string_view method,
                          std::string_view name = {}) {
    std::string text = R"({"jsonrpc":"2.0","id":)" + std::string(id) + R"(,"method":")" +
                       std::string(method) + '"';
    if (!name.empty()) text += R"(,"params":{"name":")" + std::string(name) + "\"}";
    return text + "}";
}

std::string note_in_batch(std::string_view method) {
    return R"({"jsonrpc":"2.0","method":")" + std::string(method) + "\"}";
}

std::string batch(std::initializer_list<std::string> messages) {
    std::string text;
    for (const std::string& each : messages)
        text.append(text.empty() ? "[" : ",").append(each);
    return text + "]";
}

std::string result(std::string_view id, std::string_view value) {
    return R"({"jsonrpc":"2.0","id":)" + std::string(id) + R"(,"result":)" + std::string(value) +
           "}";
}

/// A session of 2025-03-26 on one worker.
class BatchScene {
public:
    explicit BatchScene(std::string_view revision = "2025-03-26")
        : rig(Json::object(), 1), client(rig.connect()) {
        session = client.ask(post(initialize(revision))).field("mcp-session-id");
    }

    Response say(std::string_view body) { return client.ask(post_in(session, body)); }

    ListenerRig rig;
    RawClient client;
    std::string session;
};

}  // namespace

TEST_CASE("the answers to a batch are one array") {
    BatchScene scene;
    const Response response = scene.say(batch({call_in_batch("1", "where"), note_in_batch("n"),
                                               call_in_batch("\"1\"", "tools/call", "x")}));
    CHECK(response.status == 200);
    CHECK(response.field("content-type") == "application/json");
    CHECK(response.body == batch({result("1", "0"), result("\"1\"", "\"x\"")}));
    CHECK(scene.rig.host.journal.has("notified n on worker 0"));
    CHECK(scene.say(call_in_batch("2", "where")).status == 200);
}

TEST_CASE("errors stand beside results, and a lone answer alone") {
    BatchScene scene;
    const Response both =
        scene.say(batch({call_in_batch("1", "no/such"), call_in_batch("2", "fail", "crashed")}));
    CHECK(both.status == 200);
    CHECK(both.body.starts_with(R"([{"jsonrpc":"2.0","id":1,"error":{"code":-32601)"));
    CHECK(both.body.find(R"({"jsonrpc":"2.0","id":2,"error":{"code":-32603)") != std::string::npos);
    CHECK(scene.say(batch({note_in_batch("n"), call_in_batch("3", "where")})).body ==
          result("3", "0"));
    CHECK(scene.say(batch({call_in_batch("4", "where"), call_in_batch("5", "silent")})).body ==
          result("4", "0"));
}

TEST_CASE("the requests of a batch are performed side by side") {
    BatchScene scene;
    scene.client.send(
        post_in(scene.session, batch({call_in_batch("1", "hold"), call_in_batch("2", "where")})));
    REQUIRE(scene.rig.host.journal.wait_for("held"));
    RawClient other = scene.rig.connect();
    CHECK(other.ask(post_in(scene.session, note_in_batch("release"))).status == 202);
    CHECK(scene.client.read().body == batch({result("2", "0"), result("1", "\"released\"")}));
}

TEST_CASE("a batch of which one request streams is an event stream until the last response") {
    BatchScene scene;
    const Response response =
        scene.say(batch({call_in_batch("1", "where"), call_in_batch("2", "events"),
                         call_in_batch("3", "events"), call_in_batch("4", "where")}));
    CHECK(response.status == 200);
    CHECK(response.field("content-type") == "text/event-stream");
    const std::string& body = response.body;
    CHECK(body.starts_with("event: message\ndata: " + result("1", "0") + "\n\n"));
    for (const char* id : {"2", "3"})
        CHECK(body.find("data: " + result(id, "{}") + "\n\n") != std::string::npos);
    CHECK(body.find("data: " + result("4", "0") + "\n\n") != std::string::npos);
    CHECK(body.find("id: a.") == std::string::npos);
    CHECK(body.find("\"method\":\"note\"") != body.rfind("\"method\":\"note\""));
    CHECK(scene.say(call_in_batch("2", "where")).status == 200);  // the connection goes on
}

TEST_CASE("writers of one stream wait for each other") {
    BatchScene scene;
    RawClient slow = scene.rig.connect(4096);
    std::string text = call_in_batch("0", "events");
    for (int i = 1; i <= 8; ++i)
        text += "," + call_in_batch(std::to_string(i), "big", "300000");
    slow.send(post_in(scene.session, "[" + text + "]"));
    const Response response = slow.read();
    CHECK(response.status == 200);
    for (int i = 1; i <= 8; ++i) {
        const std::string value = "\"" + std::string(300000, 'x') + "\"";
        CHECK(response.body.find("data: " + result(std::to_string(i), value) + "\n\n") !=
              std::string::npos);
    }
}

TEST_CASE("notifications and responses alone get 202") {
    BatchScene scene;
    CHECK(scene.say(batch({note_in_batch("a"), note_in_batch("b")})).status == 202);
    CHECK(scene.rig.host.journal.has("notified a on worker 0"));
    CHECK(scene.rig.host.journal.has("notified b on worker 0"));
    CHECK(scene.say(batch({result("1", "{}"), result("2", "{}")})).status == 202);
    CHECK(scene.rig.host.journal.count("notified  on worker 0") == 2);
    const Response refused = scene.say(batch({note_in_batch("refuse"), note_in_batch("c")}));
    CHECK(refused.status == 400);
    CHECK(refused.body.find("\"id\"") == std::string::npos);
    CHECK(scene.rig.host.journal.has("notified c on worker 0"));
}

TEST_CASE("batches that break a rule are refused as a whole") {
    BatchScene scene;
    const auto refused = [&](const std::string& body) {
        const Response response = scene.say(body);
        CHECK(response.status == 400);
        CHECK(response.body.starts_with(R"({"jsonrpc":"2.0","error":)"));
        return code_in(response.body);
    };
    CHECK(refused("[]") == -32600);
    CHECK(refused(batch({initialize("2025-03-26"), note_in_batch("n")})) == -32600);
    CHECK(refused(batch({note_in_batch("n"), result("1", "{}")})) == -32600);
    CHECK(refused(batch({note_in_batch("n"), "7"})) == -32600);
    CHECK(refused("[" + note_in_batch("n")) == -32700);
    std::string many = note_in_batch("n");
    for (int i = 0; i < 100; ++i)
        many += "," + note_in_batch("n");
    CHECK(refused("[" + many + "]") == -32600);
    CHECK(scene.rig.host.journal.count_any("notified") == 0);
}

TEST_CASE("sessions of other revisions, and what is in none, take no batches") {
    for (const char* revision : {"2025-06-18", "2025-11-25"}) {
        CAPTURE(revision);
        BatchScene scene(revision);
        const Response response = scene.say(batch({note_in_batch("n")}));
        CHECK(response.status == 400);
        CHECK(code_in(response.body) == -32600);
        CHECK(scene.rig.host.journal.count_any("notified") == 0);
    }
    BatchScene scene;
    CHECK(scene.client.ask(post(batch({note_in_batch("n")}))).status == 400);
    CHECK(scene.client.ask(post_in("0-999", batch({note_in_batch("n")}))).status == 404);
    CHECK(code_in(scene.client.ask(post(batch({initialize("2025-03-26")}))).body) == -32600);
}

TEST_CASE("a client that leaves cancels nothing of its batch") {
    BatchScene scene;
    {
        RawClient leaving = scene.rig.connect();
        leaving.send(post_in(scene.session,
                             batch({call_in_batch("1", "hold"), call_in_batch("2", "where")})));
        REQUIRE(scene.rig.host.journal.wait_for("held"));
    }
    CHECK(scene.say(note_in_batch("release")).status == 202);
    CHECK((scene.rig.host.journal.wait_for("hold answered") ||
           scene.rig.host.journal.has("hold discarded")));
}

TEST_CASE("a batch over TLS reaches a session of another worker") {
    const testing::TestCertificate certificate("DNS:localhost");
    ListenerRig rig(Json{{"tls",
                          {{"enabled", true},
                           {"cert_path", certificate.cert_path},
                           {"key_path", certificate.key_path}}}});
    RawClient clients[] = {rig.connect(), rig.connect()};
    for (RawClient& client : clients) {
        REQUIRE(client.start_tls());
        const std::string session =
            client.ask(post(initialize("2025-03-26"))).field("mcp-session-id");
        const std::string worker = session.substr(0, 1);
        const std::string array = batch({call_in_batch("1", "where"), call_in_batch("2", "where")});
        for (RawClient& from : clients) {
            if (&from != &clients[0] && &client == &clients[0]) continue;  // no TLS yet
            CHECK(from.ask(post_in(session, array)).body ==
                  batch({result("1", worker), result("2", worker)}));
            const Response stream = from.ask(post_in(
                session, batch({call_in_batch("1", "events"), call_in_batch("2", "where")})));
            CHECK(stream.field("content-type") == "text/event-stream");
            CHECK(stream.body.find(result("2", worker)) != std::string::npos);
        }
    }
}
