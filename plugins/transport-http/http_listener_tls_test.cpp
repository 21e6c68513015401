// SPDX-License-Identifier: Apache-2.0
// The same endpoint over TLS, where connections can't follow a session to its worker.
#include "testing/listener_rig.hpp"
#include "testing/test_certificate.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::http;

namespace {

constexpr std::string_view kTlsWhere = R"({"jsonrpc":"2.0","id":1,"method":"where"})";
constexpr std::string_view kNotes = R"({"jsonrpc":"2.0","id":1,"method":"notes"})";
constexpr std::string_view kTlsSay = R"({"jsonrpc":"2.0","method":"say"})";

Json tls_config(const testing::TestCertificate& certificate) {
    return Json{{"tls",
                 {{"enabled", true},
                  {"cert_path", certificate.cert_path},
                  {"key_path", certificate.key_path}}}};
}

class TlsScene {
public:
    TlsScene() : certificate("DNS:localhost"), rig(tls_config(certificate)) {}

    RawClient connect() {
        RawClient client = rig.connect();
        CHECK(client.start_tls());
        return client;
    }

    testing::TestCertificate certificate;
    ListenerRig rig;
};

}  // namespace

TEST_CASE("TLS clients reach sessions of every worker from any connection") {
    TlsScene scene;
    CHECK(scene.rig.listener->address().starts_with("https://"));
    RawClient a = scene.connect(), b = scene.connect();
    const std::string first = scene.rig.open_session(a), second = scene.rig.open_session(b);
    CHECK(first.substr(0, 1) != second.substr(0, 1));
    for (const std::string& session : {first, second, first}) {
        for (RawClient* client : {&a, &b}) {
            const Response where = client->ask(post_in(session, kTlsWhere));
            CHECK(where.status == 200);
            CHECK(where.body.ends_with(session.substr(0, 1) + "}"));
            const Response notes = client->ask(post_in(session, kNotes));
            CHECK(notes.field("content-type") == "text/event-stream");
            CHECK(notes.body.find("\"result\"") != std::string::npos);
            CHECK(client->ask(post_in(session, kTlsSay)).status == 202);
            CHECK(client->ask(post_in(session, R"({"jsonrpc":"2.0","method":"refuse"})")).status ==
                  400);
            CHECK(client->ask(post_in(session.substr(0, 2) + "999", kTlsWhere)).status == 404);
        }
    }
    const std::string other = "Mcp-Session-Id: " + second + "\r\n";
    CHECK(a.ask(request("DELETE", other)).status == 200);
    CHECK(a.ask(request("DELETE", other)).status == 404);
}

TEST_CASE("TLS streams, from the session's worker and from the other") {
    TlsScene scene;
    RawClient client = scene.connect();
    const std::string session = scene.rig.open_session(client);
    const std::string listen =
        request("GET", "Accept: text/event-stream\r\nMcp-Session-Id: " + session + "\r\n");
    for (int i = 0; i < 2; ++i) {
        {
            RawClient stream = scene.connect();
            stream.send(listen);
            REQUIRE(stream.read_head().status == 200);
            REQUIRE(client.ask(post_in(session, kTlsSay)).status == 202);
            CHECK(stream.read_chunk()->find("\"said\"") != std::string::npos);
            CHECK(client.ask(listen).status == 409);
        }
        // The stream ends once the session's worker hears that the client has gone.
        const auto ended = static_cast<std::size_t>(i) + 1;
        REQUIRE(scene.rig.host.journal.wait_for("listening ended", ended));
    }
    RawClient last = scene.connect();
    last.send(listen);
    REQUIRE(last.read_head().status == 200);
    CHECK(client.ask(request("DELETE", "Mcp-Session-Id: " + session + "\r\n")).status == 200);
    CHECK_FALSE(last.read_chunk());
    CHECK(last.at_end());
}
