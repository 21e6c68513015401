// SPDX-License-Identifier: Apache-2.0
// Mutual TLS: who a client is, and that its sessions are its own.
#include "testing/captured_log.hpp"
#include "testing/listener_rig.hpp"
#include "testing/tls_client.hpp"
#include "testing/wait_for.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::http;
using namespace shadowcat::http::testing;

namespace {

constexpr std::string_view kIdentityWhere = R"({"jsonrpc":"2.0","id":1,"method":"where"})";
constexpr std::string_view kSay = R"({"jsonrpc":"2.0","method":"say"})";

CertificateWish person(const TestCertificate& issuer, const std::string& name) {
    CertificateWish wish;
    wish.subject_alt_name.clear();
    wish.subject = {{"O", "Example"}, {"CN", name}};
    wish.issuer = &issuer;
    return wish;
}

class IdentityScene {
public:
    explicit IdentityScene(const std::string& client_auth, Json more = Json::object())
        : server("DNS:localhost"),
          authority(""),
          stranger(""),
          rig(with_tls(std::move(more), client_auth)) {}

    RawClient connect(const TlsClient& client) const {
        RawClient raw = rig.connect();
        client.connect(raw);
        return raw;
    }

    /// In TLS 1.3 a client learns that it was refused only when it reads.
    bool gets_in(const TlsClient& client) const {
        RawClient raw = connect(client);
        return raw.ask(request("GET", "", "/health")).status == 200;
    }

    /// Waits until handshakes failed `times`, which the log tells before the count does.
    bool counted(std::int64_t times) const {
        const auto count = [&] {
            return rig.host.metric("shadowcat_http_refused_total", "tls_handshake");
        };
        return wait_for([&] { return count() >= times; }) && count() == times;
    }

    CapturedLog log;
    TestCertificate server, authority, stranger;
    ListenerRig rig;

private:
    Json with_tls(Json config, const std::string& client_auth) const {
        config["tls"] = {{"enabled", true},
                         {"cert_path", server.cert_path},
                         {"key_path", server.key_path},
                         {"client_ca_path", authority.cert_path},
                         {"client_auth", client_auth}};
        return config;
    }
};

}  // namespace

TEST_CASE("required: only clients with a good certificate get in") {
    const IdentityScene scene("required");
    const TestCertificate alice(person(scene.authority, "alice")),
        eve(person(scene.stranger, "alice"));
    CertificateWish old = person(scene.authority, "bob");
    old.valid_for = std::chrono::seconds(-60);
    const TestCertificate expired(old);
    CHECK(scene.gets_in(TlsClient().show(alice)));
    CHECK(scene.gets_in(TlsClient().newest(TLS1_2_VERSION).show(alice)));
    CHECK_FALSE(scene.gets_in(TlsClient()));
    CHECK_FALSE(scene.gets_in(TlsClient().newest(TLS1_2_VERSION)));
    CHECK_FALSE(scene.gets_in(TlsClient().show(eve)));
    CHECK_FALSE(scene.gets_in(TlsClient().show(expired)));
    CHECK(scene.counted(4));
}

TEST_CASE("the log says what was wrong with a client's certificate") {
    class Case {
    public:
        const char* why;
        bool foreign;
        std::chrono::seconds valid_for;
    };
    for (const Case& each :
         {Case{"TLS client certificate refused: unable to get local issuer certificate", true,
               std::chrono::hours(1)},
          Case{"TLS client certificate refused: certificate has expired", false,
               std::chrono::seconds(-60)}}) {
        INFO(std::string(each.why));
        const IdentityScene scene("optional");
        CertificateWish wish = person(each.foreign ? scene.stranger : scene.authority, "alice");
        wish.valid_for = each.valid_for;
        const TestCertificate certificate(wish);
        CHECK_FALSE(scene.gets_in(TlsClient().show(certificate)));
        CHECK(scene.counted(1));
        CHECK(scene.log.has(std::string("value=\"") + each.why));
    }
    const IdentityScene scene("required");
    CHECK_FALSE(scene.gets_in(TlsClient()));
    CHECK(scene.counted(1));
    CHECK(scene.log.has("peer did not return a certificate"));
}

TEST_CASE("a session belongs to the subject that opened it, whatever the connection and worker") {
    const IdentityScene scene("optional");
    const TestCertificate alice(person(scene.authority, "alice")),
        bob(person(scene.authority, "bob"));
    const TlsClient as_alice = std::move(TlsClient().show(alice)),
                    as_bob = std::move(TlsClient().show(bob));
    RawClient first = scene.connect(as_alice);
    const std::string session = scene.rig.open_session(first);
    CHECK(scene.rig.host.journal.has("opened by 'CN=alice,O=Example'"));
    for (int i = 0; i < 2; ++i) {  // both workers
        RawClient same = scene.connect(as_alice), other = scene.connect(as_bob),
                  nobody = scene.connect(TlsClient());
        CHECK(same.ask(post_in(session, kIdentityWhere)).status == 200);
        CHECK(same.ask(post_in(session, kSay)).status == 202);
        for (RawClient* client : {&other, &nobody}) {
            CHECK(client->ask(post_in(session, kIdentityWhere)).status == 404);
            CHECK(client->ask(post_in(session, kSay)).status == 404);
            const std::string named = "Mcp-Session-Id: " + session + "\r\n";
            CHECK(client->ask(request("DELETE", named)).status == 404);
            CHECK(client->ask(request("GET", named + "Accept: text/event-stream\r\n")).status ==
                  404);
        }
    }
    CHECK(first.ask(request("DELETE", "Mcp-Session-Id: " + session + "\r\n")).status == 200);
}

TEST_CASE("where a stream tells to post to, only the subject that opened the stream may post") {
    const IdentityScene scene("optional", Json{{"sse", {{"enabled", true}}}});
    const TestCertificate alice(person(scene.authority, "alice")),
        bob(person(scene.authority, "bob"));
    const TlsClient as_alice = std::move(TlsClient().show(alice)),
                    as_bob = std::move(TlsClient().show(bob));
    RawClient stream = scene.connect(as_alice);
    stream.send(request("GET", "Accept: text/event-stream\r\n", "/sse"));
    REQUIRE(stream.read_head().status == 200);
    const std::string event = stream.read_chunk().value();
    const std::string path = event.substr(event.find('/'), event.find("\n\n") - event.find('/'));
    std::string posted = post(kSay);
    posted.replace(posted.find("/mcp"), 4, path);
    for (int i = 0; i < 2; ++i) {  // both workers
        CHECK(scene.connect(as_bob).ask(posted).status == 404);
        CHECK(scene.connect(TlsClient()).ask(posted).status == 404);
        CHECK(scene.connect(as_alice).ask(posted).status == 202);
    }
}

TEST_CASE("a resumed TLS session still knows its client") {
    const IdentityScene scene("required");
    const TestCertificate alice(person(scene.authority, "alice"));
    TlsClient client;
    client.show(alice);
    RawClient first = scene.connect(client);
    const std::string session = scene.rig.open_session(first);
    const std::shared_ptr<SSL_SESSION> ticket(SSL_get1_session(first.tls()), &SSL_SESSION_free);
    RawClient again = scene.rig.connect();
    REQUIRE(again.start_tls(client.native(), ticket.get()));
    CHECK(SSL_session_reused(again.tls()) == 1);
    CHECK(again.ask(post_in(session, kIdentityWhere)).status == 200);
}

TEST_CASE("without client_auth nobody is asked, and without TLS nobody is known") {
    const IdentityScene scene("none");
    RawClient client = scene.connect(TlsClient());
    scene.rig.open_session(client);
    CHECK(scene.rig.host.journal.has("opened by ''"));
    const ListenerRig plain;
    RawClient other = plain.connect();
    plain.open_session(other);
    CHECK(plain.host.journal.has("opened by ''"));
    CHECK(plain.host.journal.has("opened from " + other.local_address()));
}
