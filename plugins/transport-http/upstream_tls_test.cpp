// SPDX-License-Identifier: Apache-2.0
// HTTPS upstreams: whom the connector believes, and what it says when it doesn't.
#include "testing/test_certificate.hpp"
#include "testing/upstream_scene.hpp"

#include <boost/asio/ssl/context.hpp>

#include <doctest/doctest.h>
#include <openssl/ssl.h>

using namespace shadowcat::http;
using namespace shadowcat::http::testing;

namespace {

TlsContext serving(const TestCertificate& certificate) {
    const TlsServerOptions files(certificate.cert_path, certificate.key_path);
    return TlsContext::server(files).value();
}

Result<void> call_over_tls(const TlsContext& context, const Json& tls, TestClient& client,
                           const std::string& host = "localhost") {
    UpstreamScene scene(&usual, {{"tls", tls}}, LinkOptions(), context);
    const std::string url = "https://" + host + ":" + std::to_string(scene.server.port()) + "/mcp";
    const ConnectorContext at(scene.worker, "tls", scene.metrics);
    scene.connector = std::make_unique<HttpConnector>(validated({{"url", url}, {"tls", tls}}), at);
    scene.link = scene.open_link();
    return scene.call(client, kCall);
}

Result<void> call_over_tls(const TestCertificate& certificate, const Json& tls, TestClient& client,
                           const std::string& host = "localhost") {
    return call_over_tls(serving(certificate), tls, client, host);
}

void check_unreachable(const Result<void>& outcome, const char* why) {
    REQUIRE(outcome.has_error());
    CHECK(outcome.error().code() == ErrorCode::unreachable);
    CHECK(outcome.error().nothing_sent());
    CHECK(outcome.error().message().starts_with("https://localhost:"));
    CHECK_MESSAGE(outcome.error().message().find(why) != std::string::npos,
                  outcome.error().message());
}

}  // namespace

TEST_CASE("a server whose certificate is trusted and for its name is talked to, a session long") {
    const TestCertificate certificate("DNS:localhost");
    UpstreamScene scene(&usual, {{"tls", {{"ca_file", certificate.cert_path}}}}, LinkOptions(),
                        serving(certificate));
    scene.open_session();
    for (int i = 0; i < 3; ++i) {
        TestClient client;
        CHECK(scene.call(client, kCall).has_value());
        CHECK(client.got == Lines{result("1")});
    }
    CHECK(scene.server.connections() <= 2);
    scene.close();
    CHECK(scene.server.requests.back().method() == "DELETE");
}

TEST_CASE("large messages cross TLS whole, both ways") {
    const TestCertificate certificate("DNS:localhost");
    const std::string text(1'000'000, 'x');
    const std::string request =
        R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"t":")" + text + "\"}}";
    const std::string answer = R"({"jsonrpc":"2.0","id":1,"result":{"t":")" + text + "\"}}";
    UpstreamScene scene([&](const ServerRequest&) { return ServerAnswer::json(answer); },
                        {{"tls", {{"ca_file", certificate.cert_path}}}}, LinkOptions(),
                        serving(certificate));
    TestClient client;
    CHECK(scene.call(client, request).has_value());
    CHECK(scene.server.requests.at(0).body == request);
    CHECK(client.got == Lines{answer});
}

TEST_CASE("an address in the URL is verified as an address") {
    const TestCertificate certificate("IP:127.0.0.1");
    TestClient client;
    CHECK(call_over_tls(certificate, {{"ca_file", certificate.cert_path}}, client, "127.0.0.1")
              .has_value());
}

TEST_CASE("whom the connector does not believe it sends nothing to, and says why") {
    const TestCertificate good("DNS:localhost"), foreign("DNS:localhost"),
        other_host("DNS:other.example"), authority("");
    CertificateWish wish;
    wish.issuer = &authority;
    const TestCertificate issued(wish);
    wish.valid_for = std::chrono::seconds(-60);
    const TestCertificate expired(wish);
    class Case {
    public:
        Case(const TestCertificate& shown, Json settings, const char* words)
            : certificate(shown), tls(std::move(settings)), why(words) {}
        const TestCertificate& certificate;
        Json tls;
        const char* why;
    };
    const std::vector<Case> table = {
        Case(good, Json::object(), "TLS certificate refused: self-signed certificate"),
        Case(good, {{"ca_file", foreign.cert_path}},
             "TLS certificate refused: self-signed certificate"),
        Case(other_host, {{"ca_file", other_host.cert_path}},
             "TLS certificate refused: hostname mismatch"),
        Case(good, {{"ca_file", good.cert_path}, {"server_name", "other.example"}},
             "hostname mismatch"),
        Case(issued, {{"ca_file", foreign.cert_path}},
             "TLS certificate refused: unable to get local issuer certificate"),
        Case(expired, {{"ca_file", authority.cert_path}},
             "TLS certificate refused: certificate has expired"),
    };
    for (const Case& each : table) {
        TestClient client;
        check_unreachable(call_over_tls(each.certificate, each.tls, client), each.why);
    }
}

TEST_CASE("another name, or no verification, when the operator says so") {
    const TestCertificate other_host("DNS:other.example");
    TestClient first, second;
    CHECK(call_over_tls(other_host,
                        {{"ca_file", other_host.cert_path}, {"server_name", "other.example"}},
                        first)
              .has_value());
    CHECK(call_over_tls(other_host, {{"verify", false}}, second).has_value());
}

TEST_CASE("a server that speaks no TLS, or says nothing, is unreachable") {
    UpstreamScene plain(&usual);
    const auto call = [&](const ScriptedServer& server) {
        const Json config =
            validated({{"url", "https://localhost:" + std::to_string(server.port()) + "/"},
                       {"connect_timeout_secs", 1}});
        const ConnectorContext context(plain.worker, "tls", plain.metrics);
        plain.connector = std::make_unique<HttpConnector>(config, context);
        plain.link = plain.open_link();
        TestClient client;
        return plain.call(client, kCall);
    };
    const Result<void> outcome = call(plain.server);
    REQUIRE(outcome.has_error());
    CHECK(outcome.error().nothing_sent());
    CHECK(outcome.error().message().find("TLS handshake") != std::string::npos);
}

TEST_CASE("a server that has nothing newer than TLS 1.1 is refused") {
    const TestCertificate certificate("DNS:localhost");
    const TlsContext old = serving(certificate);
    SSL_CTX* native = old.native().native_handle();
    SSL_CTX_set_security_level(native, 0);
    SSL_CTX_set_cipher_list(native, "ALL");
    SSL_CTX_set_min_proto_version(native, TLS1_VERSION);
    SSL_CTX_set_max_proto_version(native, TLS1_1_VERSION);
    TestClient client;
    check_unreachable(call_over_tls(old, {{"ca_file", certificate.cert_path}}, client),
                      "TLS handshake failed: tlsv1 alert protocol version");
}

TEST_CASE("http/1.1 is offered, and nothing else") {
    const TestCertificate certificate("DNS:localhost");
    const TlsContext context = serving(certificate);
    std::string offered;
    const auto note = [](SSL*, const unsigned char**, unsigned char*, const unsigned char* list,
                         unsigned size, void* to) {
        static_cast<std::string*>(to)->assign(reinterpret_cast<const char*>(list), size);
        return SSL_TLSEXT_ERR_NOACK;
    };
    SSL_CTX_set_alpn_select_cb(context.native().native_handle(), note, &offered);
    TestClient client;
    CHECK(call_over_tls(context, {{"ca_file", certificate.cert_path}}, client).has_value());
    CHECK(offered == "\x08http/1.1");
}

TEST_CASE("a server that wants to know us lets us in with our certificate only") {
    const TestCertificate server("DNS:localhost"), authority(""), stranger("");
    CertificateWish wish;
    wish.subject_alt_name.clear();
    wish.issuer = &authority;
    const TestCertificate ours(wish);
    wish.issuer = &stranger;
    const TestCertificate foreign(wish);
    TlsServerOptions strict(server.cert_path, server.key_path);
    strict.client_ca_path = authority.cert_path;
    strict.client_auth = ClientAuth::required;
    const auto as = [&](const TestCertificate& shown) {
        return Json{{"ca_file", server.cert_path},
                    {"cert_path", shown.cert_path},
                    {"key_path", shown.key_path}};
    };
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        INFO(version);
        const TlsContext context = TlsContext::server(strict).value();
        SSL_CTX_set_max_proto_version(context.native().native_handle(), version);
        TestClient known, unknown, nobody;
        CHECK(call_over_tls(context, as(ours), known).has_value());
        check_unreachable(call_over_tls(context, as(foreign), unknown), "alert unknown ca");
        check_unreachable(
            call_over_tls(context, {{"ca_file", server.cert_path}}, nobody),
            version == TLS1_3_VERSION ? "alert certificate required" : "alert handshake failure");
    }
}
