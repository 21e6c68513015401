// SPDX-License-Identifier: Apache-2.0
// HTTPS for clients: versions, certificates of both sides, who owns a session, renewals.
#include "harness/proxy_fixture.hpp"
#include "testing/test_certificate.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <filesystem>

using namespace integration;
using shadowcat::http::testing::CertificateWish;
using shadowcat::http::testing::TestCertificate;

namespace {

const std::string kInitialize =
    R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25",)"
    R"("capabilities":{},"clientInfo":{"name":"t","version":"1"}}})";
const std::string kList = R"({"jsonrpc":"2.0","id":2,"method":"tools/list"})";

CertificateWish issued_by(const TestCertificate& issuer, const std::string& name) {
    CertificateWish wish;
    wish.subject = {{"O", "Example"}, {"CN", name}};
    wish.issuer = &issuer;
    return wish;
}

TlsWish showing(const TestCertificate& certificate, int newest_version = 0) {
    TlsWish wish;
    wish.cert_path = certificate.cert_path;
    wish.key_path = certificate.key_path;
    wish.newest_version = newest_version;
    return wish;
}

TlsWish newest(int version) {
    TlsWish wish;
    wish.newest_version = version;
    return wish;
}

std::string open_session(HttpClient& client) {
    const HttpResponse answer = client.ask(mcp_post(kInitialize));
    REQUIRE(answer.status == 200);
    return answer.header("mcp-session-id");
}

std::string list_in(const std::string& session) {
    return mcp_post(kList, {{"Mcp-Session-Id", session}, {"MCP-Protocol-Version", "2025-11-25"}});
}

std::size_t lines_with(const std::string& text, const std::string& word) {
    std::size_t count = 0;
    for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1))
        ++count;
    return count;
}

/// An HTTPS proxy whose clients may have to show a certificate of `authority`.
class Scene {
public:
    explicit Scene(const std::string& client_auth = "none", const std::string& other_keys = "")
        : proxy(ReverseProxy::with_config(config_for(
              {kDemoServer}, "",
              "  tls:\n    enabled: true\n    cert_path: " + server.cert_path +
                  "\n    key_path: " + server.key_path + "\n    client_auth: " + client_auth +
                  "\n    client_ca_path: " + authority.cert_path + "\n" + other_keys))) {}

    HttpClient connect(const TlsWish& wish = {}) const { return HttpClient(proxy.port(), wish); }

    /// Whether a client that does this gets an answer. In TLS 1.3 it learns only then.
    bool serves(const TlsWish& wish) const {
        try {
            return connect(wish).ask(http_request("GET", "/health", {})).status == 200;
        } catch (const TlsRefused&) {
            return false;
        }
    }

    void hang_up(const std::string& outcome) {
        proxy.process().signal(SIGHUP);
        proxy.process().wait_for_log({outcome});
    }

    TestCertificate server{"DNS:localhost"}, authority{""};
    ReverseProxy proxy;
};

}  // namespace

TEST_CASE("a session over TLS 1.2 and over TLS 1.3, as http/1.1") {
    const Scene scene;
    CHECK(scene.proxy.page("/mcp").status == 400);  // plain HTTP
    for (const auto& [version, name] :
         {std::pair(TLS1_2_VERSION, "TLSv1.2"), std::pair(TLS1_3_VERSION, "TLSv1.3")}) {
        HttpClient client = scene.connect(newest(version));
        CHECK(client.tls().version() == name);
        CHECK(client.tls().protocol() == "http/1.1");
        const std::string session = open_session(client);
        const Json tools = client.ask(list_in(session)).json();
        CHECK_FALSE(tools.at("result").at("tools").empty());
    }
}

TEST_CASE("TLS 1.1 is refused, and a client that speaks only HTTP/2") {
    Scene scene;
    CHECK_THROWS_AS(scene.connect(newest(TLS1_1_VERSION)), TlsRefused);
    scene.proxy.process().wait_for_log({"client refused", "tls_handshake", "unsupported protocol"});
    TlsWish http2;
    http2.protocol = "h2";
    CHECK_THROWS_AS(scene.connect(http2), TlsRefused);
    CHECK(scene.serves({}));
}

TEST_CASE("plain HTTP gets 400 in words, one line in the log, and the end of the connection") {
    Scene scene;
    HttpClient plain(scene.proxy.port());
    const HttpResponse answer = plain.ask(mcp_post(kInitialize));
    CHECK(answer.status == 400);
    CHECK(answer.body.find("https") != std::string::npos);
    CHECK(plain.at_end());
    scene.proxy.process().wait_for_log({"client refused", "plain_http", "127.0.0.1"});
    CHECK(scene.serves({}));
    CHECK(lines_with(scene.proxy.process().log(), "plain_http") == 1);
}

TEST_CASE("a client that never finishes its handshake is cut off, others go on") {
    Scene scene("none", "  limits: { header_timeout_secs: 1 }\n");
    HttpClient silent(scene.proxy.port()), halfway(scene.proxy.port());
    halfway.send(std::string_view("\x16\x03\x01\x02\x00\x01", 6));
    CHECK(scene.serves({}));
    CHECK(halfway.at_end());
    CHECK(silent.at_end());
    CHECK(scene.serves({}));
}

TEST_CASE("streams go over TLS as they come") {
    const Scene scene;
    HttpClient calls = scene.connect(), listening = scene.connect();
    Headers headers = {{"Mcp-Session-Id", open_session(calls)},
                       {"MCP-Protocol-Version", "2025-11-25"}};
    const std::string touch =
        R"({"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"touch_tools"}})";
    headers.emplace_back("Accept", "text/event-stream");
    listening.send(http_request("GET", "/mcp", headers));
    CHECK(listening.read_head().is_event_stream());
    headers.pop_back();
    CHECK(calls.ask(mcp_post(touch, headers)).status == 200);
    std::optional<Event> event = listening.next_event();
    while (event && event->data.empty())
        event = listening.next_event();
    REQUIRE(event.has_value());
    CHECK(Json::parse(event->data).at("method") == "notifications/tools/list_changed");
}

TEST_CASE("where a certificate is required nobody gets in without a good one") {
    Scene scene("required");
    const TestCertificate agent(issued_by(scene.authority, "agent")), stranger("");
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        CHECK(scene.serves(showing(agent, version)));
        CHECK_FALSE(scene.serves(newest(version)));
        CHECK_FALSE(scene.serves(showing(stranger, version)));
    }
    scene.proxy.process().wait_for_log({"tls_handshake", "did not return a certificate"});
    CHECK(scene.serves(showing(agent)));
}

TEST_CASE("a client's expired certificate is refused, and the log says that it has expired") {
    Scene scene("required");
    CertificateWish past = issued_by(scene.authority, "agent");
    past.valid_from = std::chrono::hours(-48);
    past.valid_for = std::chrono::hours(-24);
    CHECK_FALSE(scene.serves(showing(TestCertificate(past))));
    scene.proxy.process().wait_for_log({"tls_handshake", "certificate has expired"});
    CHECK(scene.serves(showing(TestCertificate(issued_by(scene.authority, "agent")))));
}

TEST_CASE("where a certificate is optional, a bad one is worse than none") {
    const Scene scene("optional");
    const TestCertificate agent(issued_by(scene.authority, "agent")), stranger("");
    CHECK(scene.serves({}));
    CHECK(scene.serves(showing(agent)));
    CHECK_FALSE(scene.serves(showing(stranger)));
}

TEST_CASE("a session belongs to the certificate that opened it") {
    const Scene scene("optional");
    const TestCertificate alice(issued_by(scene.authority, "alice"));
    const TestCertificate bob(issued_by(scene.authority, "bob"));
    HttpClient owner = scene.connect(showing(alice));
    const std::string session = open_session(owner);
    CHECK(scene.connect(showing(bob)).ask(list_in(session)).status == 404);
    CHECK(scene.connect().ask(list_in(session)).status == 404);
    const Headers named = {{"Mcp-Session-Id", session}};
    CHECK(scene.connect(showing(bob)).ask(http_request("DELETE", "/mcp", named)).status == 404);
    CHECK(scene.connect(showing(alice)).ask(list_in(session)).status == 200);
    CHECK(owner.ask(list_in(session)).status == 200);
}

TEST_CASE("a renewed certificate is shown to new clients, and open connections go on") {
    Scene scene;
    HttpClient before = scene.connect();
    const std::string session = open_session(before);
    const TestCertificate renewed("DNS:localhost");
    scene.server.become(renewed);
    CHECK(scene.connect().tls().serial() == before.tls().serial());
    scene.hang_up("configuration reloaded");
    HttpClient after = scene.connect();
    CHECK(after.tls().serial() != before.tls().serial());
    CHECK(before.ask(list_in(session)).status == 200);
    CHECK(after.ask(list_in(session)).status == 200);
}

TEST_CASE("a key that doesn't fit leaves the old certificate in use, and says so") {
    Scene scene;
    HttpClient before = scene.connect();
    const TestCertificate other("DNS:localhost");
    std::filesystem::copy_file(other.cert_path, scene.server.cert_path,
                               std::filesystem::copy_options::overwrite_existing);
    scene.hang_up("configuration not reloaded");
    CHECK(scene.proxy.process().logged({"configuration not reloaded", scene.server.key_path}));
    HttpClient after = scene.connect();
    CHECK(after.tls().serial() == before.tls().serial());
    open_session(after);
    open_session(before);
}

TEST_CASE("a certificate that is not there stops the start, with key and file") {
    const TemporaryFile config(config_for({kDemoServer}, "",
                                          "  tls:\n    enabled: true\n    cert_path: /no/such.pem\n"
                                          "    key_path: /no/such.key\n"));
    const Finished run({kShadowcat, "reverse", "--config", config.path()});
    CHECK(run.exit == "exit 2");
    CHECK(run.errors.find("cert_path") != std::string::npos);
    CHECK(run.errors.find("/no/such.pem") != std::string::npos);
    CHECK(run.output.empty());
}
