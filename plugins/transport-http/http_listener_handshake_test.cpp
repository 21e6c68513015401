// SPDX-License-Identifier: Apache-2.0
// Whom a TLS port talks to, and what the log says of those it doesn't.
#include "testing/captured_log.hpp"
#include "testing/listener_rig.hpp"
#include "testing/tls_client.hpp"
#include "testing/wait_for.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::http;
using namespace shadowcat::http::testing;

namespace {

constexpr const char* kRefused = "shadowcat_http_refused_total";

class HandshakeScene {
public:
    HandshakeScene()
        : certificate("DNS:localhost"),
          rig(Json{{"header_timeout_secs", 2},
                   {"tls",
                    {{"enabled", true},
                     {"cert_path", certificate.cert_path},
                     {"key_path", certificate.key_path}}}},
              1) {}

    /// Whether `client` gets through, to an answer.
    bool gets_in(const TlsClient& client) {
        RawClient raw = rig.connect();
        return client.connect(raw) && raw.ask(request("GET", "", "/health")).status == 200;
    }

    /// Waits until `reason` was counted `times`: a client learns of its refusal before that.
    bool counted(std::string_view reason, std::int64_t times) const {
        const auto count = [&] { return rig.host.metric(kRefused, reason); };
        return wait_for([&] { return count() >= times; }) && count() == times;
    }

    CapturedLog log;
    TestCertificate certificate;
    ListenerRig rig;
};

}  // namespace

TEST_CASE("TLS 1.2 and 1.3 with forward-secret AEAD suites, and nothing older") {
    HandshakeScene scene;
    RawClient modern = scene.rig.connect(), older = scene.rig.connect();
    REQUIRE(TlsClient().connect(modern));
    CHECK(std::string(SSL_get_version(modern.tls())) == "TLSv1.3");
    REQUIRE(TlsClient().newest(TLS1_2_VERSION).connect(older));
    CHECK(std::string(SSL_get_version(older.tls())) == "TLSv1.2");
    const std::string suite = SSL_get_cipher_name(older.tls());
    CHECK(suite.starts_with("ECDHE-"));
    CHECK(suite.find("GCM") != std::string::npos);
    for (const int version : {TLS1_1_VERSION, TLS1_VERSION})
        CHECK_FALSE(scene.gets_in(TlsClient().newest(version)));
    CHECK(scene.counted("tls_handshake", 2));
    CHECK(
        scene.log.has("reason=tls_handshake value=\"TLS handshake failed: unsupported protocol\" "
                      "peer=127.0.0.1:"));
}

TEST_CASE("suites without forward secrecy or authenticated encryption are not shared") {
    for (const char* suites :
         {"AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-SHA256", "AECDH-AES128-SHA"}) {
        INFO(suites);
        HandshakeScene scene;
        CHECK_FALSE(scene.gets_in(TlsClient().newest(TLS1_2_VERSION).suites(suites)));
        CHECK(scene.counted("tls_handshake", 1));
        CHECK(scene.log.has("no shared cipher"));
    }
}

TEST_CASE("http/1.1 is the one protocol, and who wants only h2 is refused") {
    HandshakeScene scene;
    RawClient client = scene.rig.connect();
    REQUIRE(TlsClient().offer("http/1.1").connect(client));
    const unsigned char* chosen = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(client.tls(), &chosen, &size);
    CHECK(std::string(reinterpret_cast<const char*>(chosen), size) == "http/1.1");
    CHECK_FALSE(scene.gets_in(TlsClient().offer("h2")));
    CHECK(scene.counted("tls_handshake", 1));
    CHECK(scene.log.has("no application protocol"));
    CHECK(scene.gets_in(TlsClient()));
}

TEST_CASE("a session is resumed with a ticket") {
    HandshakeScene scene;
    const TlsClient context;
    RawClient first = scene.rig.connect();
    REQUIRE(context.connect(first));
    CHECK(first.ask(request("GET", "", "/health")).status == 200);  // the tickets come before it
    const std::shared_ptr<SSL_SESSION> ticket(SSL_get1_session(first.tls()), &SSL_SESSION_free);
    RawClient again = scene.rig.connect();
    SSL_CTX_sess_set_new_cb(context.native(), nullptr);
    REQUIRE(again.start_tls(context.native(), ticket.get()));
    CHECK(SSL_session_reused(again.tls()) == 1);
    CHECK(again.ask(request("GET", "", "/health")).status == 200);
}

TEST_CASE("plain HTTP on a TLS port is told so, counted, and logged once a second") {
    HandshakeScene scene;
    for (int i = 0; i < 5; ++i) {
        RawClient plain = scene.rig.connect();
        const Response answer = plain.ask(post(kInitialize));
        CHECK(answer.status == 400);
        CHECK(answer.field("content-type") == "text/plain");
        CHECK(answer.field("connection") == "close");
        CHECK(answer.body == "this port speaks TLS: use https\n");
        CHECK(plain.at_end());
    }
    CHECK(scene.rig.host.metric(kRefused, "plain_http") == 5);
    CHECK(scene.rig.host.metric(kRefused, "tls_handshake") == 0);
    const std::string line = "reason=plain_http value=\"plain HTTP on a TLS port\" peer=127.0.0.1:";
    CHECK(scene.log.count(line) >= 1);
    CHECK(scene.log.count(line) < 5);
    CHECK(scene.gets_in(TlsClient()));
}

TEST_CASE("what is neither HTTP nor TLS, or stops half-way, is a failed handshake") {
    HandshakeScene scene;
    RawClient babble = scene.rig.connect();
    babble.send("\x01\x02\x03 not a record at all");
    CHECK(scene.counted("tls_handshake", 1));
    CHECK(scene.log.has("TLS handshake failed: the peer doesn't speak TLS here"));
    RawClient half = scene.rig.connect();
    half.send("\x16\x03\x01");
    half.shutdown_send();
    const std::string alert = half.read_to_end();
    CHECK(alert.starts_with("\x15\x03"));
    CHECK(alert.size() == 7);
    CHECK(scene.counted("tls_handshake", 2));
}

TEST_CASE("a client that says nothing is let go without a word, and one that stalls is counted") {
    HandshakeScene scene;
    {
        RawClient silent = scene.rig.connect(), stalled = scene.rig.connect();
        stalled.send("\x16\x03\x01");
        RawClient gone = scene.rig.connect();
        gone.shutdown_send();
        CHECK(gone.at_end());
        CHECK(silent.at_end());
        CHECK(stalled.at_end());
    }
    CHECK(scene.counted("tls_handshake", 1));
    CHECK(scene.log.has("TLS handshake timed out"));
}
