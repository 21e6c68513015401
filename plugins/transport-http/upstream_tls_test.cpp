// SPDX-License-Identifier: Apache-2.0
// HTTPS upstreams: whom the connector believes, and what it says when it doesn't.
#include "testing/test_certificate.hpp"
#include "testing/upstream_scene.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::http;
using namespace shadowcat::http::testing;

namespace {

TlsContext serving(const TestCertificate& certificate) {
    return TlsContext::server(certificate.cert_path, certificate.key_path).value();
}

Result<void> call_over_tls(const TestCertificate& certificate, const Json& tls, TestClient& client,
                           const std::string& host = "localhost") {
    Worker ports;
    std::optional<Result<void>> outcome;
    UpstreamScene scene(&usual, {{"tls", tls}}, LinkOptions(), serving(certificate));
    const std::string url = "https://" + host + ":" + std::to_string(scene.server.port()) + "/mcp";
    const ConnectorContext context(scene.worker, "tls", scene.metrics);
    scene.connector =
        std::make_unique<HttpConnector>(validated({{"url", url}, {"tls", tls}}), context);
    scene.link = scene.open_link();
    return scene.call(client, kCall);
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
        other_host("DNS:other.example");
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
    };
    for (const Case& each : table) {
        INFO(each.why);
        TestClient client;
        const Result<void> outcome = call_over_tls(each.certificate, each.tls, client);
        REQUIRE(outcome.has_error());
        CHECK(outcome.error().code() == ErrorCode::unreachable);
        CHECK(outcome.error().nothing_sent());
        CHECK(outcome.error().message().starts_with("https://localhost:"));
        CHECK(outcome.error().message().find(each.why) != std::string::npos);
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

TEST_CASE("server files that can't be used are named") {
    const TestCertificate one("DNS:a"), two("DNS:b");
    CHECK(TlsContext::server("/no/cert.pem", one.key_path).error().message().find("/no/cert.pem") !=
          std::string::npos);
    const auto mixed = TlsContext::server(one.cert_path, two.key_path);
    REQUIRE(mixed.has_error());
    CHECK(mixed.error().code() == ErrorCode::config);
    CHECK(mixed.error().message().find(two.key_path) != std::string::npos);
}
