// SPDX-License-Identifier: Apache-2.0
// Servers behind https: whom the proxy believes, and what clients read where it doesn't. The server
// is a second proxy that serves HTTPS.
#include "harness/proxy_fixture.hpp"
#include "testing/test_certificate.hpp"

#include <doctest/doctest.h>

using namespace integration;
using shadowcat::http::testing::CertificateWish;
using shadowcat::http::testing::TestCertificate;

namespace {

CertificateWish server_issued_by(const TestCertificate& issuer, const std::string& name) {
    CertificateWish wish;
    wish.subject_alt_name = name;
    wish.issuer = &issuer;
    return wish;
}

std::string https_config(const TestCertificate& certificate, const std::string& tls_keys = "") {
    return config_for({kDemoServer}, "",
                      "  tls:\n    enabled: true\n    cert_path: " + certificate.cert_path +
                          "\n    key_path: " + certificate.key_path + "\n" + tls_keys);
}

/// A server behind HTTPS that shows this certificate, and a proxy that believes `authority`.
class Chain {
public:
    Chain(const TestCertificate& authority, const TestCertificate& shown,
          const std::string& server_keys = "", const std::string& tls_keys = "")
        : server(ReverseProxy::with_config(https_config(shown, server_keys))),
          proxy(ReverseProxy::with_config("reverse_proxy:\n"
                                          "  upstreams:\n"
                                          "    - name: primary\n"
                                          "      transport: http\n"
                                          "      url: https://localhost:" +
                                          std::to_string(server.port()) +
                                          "/mcp\n"
                                          "      tls:\n        ca_file: " +
                                          authority.cert_path + "\n" + tls_keys)) {}

    /// What a client reads that can't be connected to the server; the proxy is none the worse.
    void check_refused(const std::vector<std::string>& words) {
        for (int i = 0; i < 2; ++i) {
            McpClient client = proxy.client();
            Messages answer = client.begin("initialize", {{"protocolVersion", "2025-11-25"},
                                                          {"capabilities", Json::object()}});
            const Json error = answer.response().at("error");
            CHECK(answer.head().status == 502);
            for (const std::string& word : words)
                CHECK_MESSAGE(
                    error.at("message").get<std::string>().find(word) != std::string::npos,
                    error.at("message"), " lacks ", word);
        }
        for (const std::string& word : words)
            CHECK(proxy.process().logged({"request failed", "primary", word}));
        CHECK(proxy.page("/healthz").status == 200);
        HttpClient direct(server.port(), TlsWish());
        CHECK(direct.ask(http_request("GET", "/health", {})).status == 200);
    }

    ReverseProxy server, proxy;
};

}  // namespace

TEST_CASE("a server whose certificate is of our own CA is served from") {
    const TestCertificate authority("");
    const TestCertificate shown(server_issued_by(authority, "DNS:localhost"));
    const Chain chain(authority, shown);
    McpClient client = chain.proxy.client();
    client.initialize();
    CHECK(text_of(client.call_tool("echo", {{"message", "over TLS"}})) == "over TLS");
}

TEST_CASE("a server's expired certificate: 502 with host and reason, nobody else is disturbed") {
    const TestCertificate authority("");
    CertificateWish past = server_issued_by(authority, "DNS:localhost");
    past.valid_from = std::chrono::hours(-48);
    past.valid_for = std::chrono::hours(-24);
    Chain(authority, TestCertificate(past)).check_refused({"localhost", "certificate has expired"});
}

TEST_CASE("a server's certificate for another name: 502 with host and reason") {
    const TestCertificate authority("");
    const TestCertificate shown(server_issued_by(authority, "DNS:elsewhere.example"));
    Chain(authority, shown).check_refused({"localhost", "hostname mismatch"});
}

TEST_CASE("a server's certificate of another CA: 502 with host and reason") {
    const TestCertificate authority(""), other("");
    const TestCertificate shown(server_issued_by(other, "DNS:localhost"));
    Chain(authority, shown).check_refused({"localhost", "certificate"});
}

TEST_CASE("a name that the configuration gives counts instead of the URL's host") {
    const TestCertificate authority("");
    const TestCertificate shown(server_issued_by(authority, "DNS:elsewhere.example"));
    const Chain chain(authority, shown, "", "        server_name: elsewhere.example\n");
    chain.proxy.client().initialize();
}

TEST_CASE("a server that wants our certificate gets it, or the client reads what is missing") {
    const TestCertificate authority("");
    const TestCertificate shown(server_issued_by(authority, "DNS:localhost"));
    const TestCertificate ours(server_issued_by(authority, ""));
    const std::string demand =
        "    client_auth: required\n    client_ca_path: " + authority.cert_path + "\n";
    const Chain good(
        authority, shown, demand,
        "        cert_path: " + ours.cert_path + "\n        key_path: " + ours.key_path + "\n");
    good.proxy.client().initialize();
    const Chain bad(authority, shown, demand);
    McpClient client = bad.proxy.client();
    Messages answer = client.begin(
        "initialize", {{"protocolVersion", "2025-11-25"}, {"capabilities", Json::object()}});
    const Json error = answer.response().at("error");
    CHECK(answer.head().status == 502);
    CHECK(error.at("message").get<std::string>().find("localhost") != std::string::npos);
    CHECK(error.at("message").get<std::string>().find("certificate") != std::string::npos);
}
