// SPDX-License-Identifier: Apache-2.0
// Configuration that changes while clients are connected.
#include "shadowcat/sdk/spawn.hpp"

#include "http_listener_options.hpp"
#include "testing/captured_log.hpp"
#include "testing/listener_rig.hpp"
#include "testing/tls_client.hpp"

#include <doctest/doctest.h>
#include <openssl/x509.h>

using namespace shadowcat::http;
using namespace shadowcat::http::testing;

namespace {

constexpr std::string_view kReloadWhere = R"({"jsonrpc":"2.0","id":1,"method":"where"})";
constexpr const char* kExpiry = "shadowcat_tls_certificate_expiry_seconds";

Json checked(const Json& overrides) {
    Json config = {{"bind_address", "127.0.0.1:0"}};
    config.update(overrides);
    std::vector<ConfigError> errors;
    return validate(http_listener_schema(), config, "", errors);
}

awaitable<> reload_into(Listener& listener, const Json& config, Result<void>& outcome) {
    outcome = listener.reload(config);
    co_return;
}

Result<void> reload(ListenerRig& rig, const Json& overrides) {
    Result<void> outcome;
    rig.run(0, reload_into(*rig.listener, checked(overrides), outcome));
    return outcome;
}

Json reloaded_tls(const TestCertificate& certificate) {
    return Json{{"tls",
                 {{"enabled", true},
                  {"cert_path", certificate.cert_path},
                  {"key_path", certificate.key_path}}}};
}

CertificateWish valid_for(std::chrono::seconds time, const std::string& name = "one") {
    CertificateWish wish;
    wish.subject = {{"CN", name}};
    wish.valid_for = time;
    return wish;
}

/// The common name of the certificate that a new client is shown.
std::string shown_to(RawClient& client) {
    if (!client.start_tls()) return "nothing";
    char name[64] = {};
    X509_NAME_get_text_by_NID(X509_get_subject_name(SSL_get0_peer_certificate(client.tls())),
                              NID_commonName, name, sizeof name);
    return name;
}

std::string shown(const ListenerRig& rig) {
    RawClient client = rig.connect();
    return shown_to(client);
}

}  // namespace

TEST_CASE(
    "a renewed certificate is shown to new clients; those that are connected notice nothing") {
    const CapturedLog log;
    const TestCertificate files(valid_for(std::chrono::hours(24 * 60), "one"));
    const TestCertificate renewed(valid_for(std::chrono::hours(24 * 90), "two"));
    ListenerRig rig(reloaded_tls(files));
    RawClient old = rig.connect();
    CHECK(shown_to(old) == "one");
    const std::string session = rig.open_session(old);
    const std::int64_t before = rig.host.metric(kExpiry, "127.0.0.1:" + std::to_string(rig.port));
    CHECK(before > 0);
    CHECK(shown(rig) == "one");
    files.become(renewed);
    CHECK(shown(rig) == "one");
    REQUIRE(reload(rig, reloaded_tls(files)).has_value());  // no key has changed
    for (int i = 0; i < 4; ++i)
        CHECK(shown(rig) == "two");
    const std::int64_t month = rig.host.metric(kExpiry) - before;
    CHECK(month >= 30 * 86400);
    CHECK(month < 31 * 86400);
    CHECK(old.ask(post_in(session, kReloadWhere)).status == 200);
    CHECK(log.count("certificate loaded file=" + files.cert_path + " expires=20") == 2);
}

TEST_CASE("limits and origins of a reload count for open connections too, on every worker") {
    ListenerRig rig;
    RawClient a = rig.connect(), b = rig.connect();
    const std::string far = "Origin: https://app.example\r\n";
    for (RawClient* client : {&a, &b}) {
        CHECK(client->ask(post(kInitialize)).status == 200);
        CHECK(client->ask(post(kInitialize, far)).status == 403);
    }
    REQUIRE(reload(rig, {{"allowed_origins", {"https://app.example"}}, {"max_body_bytes", 200}})
                .has_value());
    const std::string large =
        R"({"jsonrpc":"2.0","id":1,"method":")" + std::string(200, 'x') + "\"}";
    for (RawClient* client : {&a, &b}) {
        CHECK(client->ask(post(kInitialize, far)).status == 200);
        CHECK(client->ask(post(large)).status == 413);
    }
    RawClient fresh = rig.connect();
    CHECK(fresh.ask(post(kInitialize, far)).status == 200);
}

TEST_CASE("max_connections can be raised") {
    ListenerRig rig(Json{{"max_connections", 1}});
    RawClient first = rig.connect();
    CHECK(first.ask(request("GET", "", "/health")).status == 200);
    RawClient second = rig.connect();
    CHECK(second.read().status == 503);
    REQUIRE(reload(rig, {{"max_connections", 2}}).has_value());
    RawClient third = rig.connect();
    CHECK(third.ask(request("GET", "", "/health")).status == 200);
}

TEST_CASE("what a listener is can't change: the key is named, and all goes on as before") {
    const TestCertificate certificate("DNS:localhost");
    ListenerRig rig(Json{{"max_body_bytes", 1000}});
    class Case {
    public:
        Json change;
        const char* key;
    };
    for (const Case& each :
         {Case{{{"bind_address", "127.0.0.1:1"}}, "bind_address: "},
          Case{{{"path", "/other"}}, "path: "}, Case{{{"sse", {{"enabled", true}}}}, "sse: "},
          Case{reloaded_tls(certificate), "tls.enabled: "}}) {
        INFO(std::string(each.key));
        Json change = each.change;
        change["max_body_bytes"] = 1;
        const Result<void> outcome = reload(rig, change);
        REQUIRE(outcome.has_error());
        CHECK(outcome.error().code() == ErrorCode::unsupported);
        CHECK(outcome.error().message().starts_with(each.key));
        RawClient client = rig.connect();
        CHECK(client.ask(post(kInitialize)).status == 200);
    }
    ListenerRig secure(reloaded_tls(certificate));
    CHECK(reload(secure, Json::object()).error().message().starts_with("tls.enabled: "));
}

TEST_CASE("values that are no good are named, and all goes on as before") {
    const TestCertificate files(valid_for(std::chrono::hours(24 * 60), "one")),
        other(valid_for(std::chrono::hours(24 * 60), "two"));
    ListenerRig rig(reloaded_tls(files));
    Json wrong = reloaded_tls(files);
    wrong["tls"]["key_path"] = other.key_path;
    Json missing = reloaded_tls(files);
    missing["tls"]["cert_path"] = "/nowhere/cert.pem";
    Json no_authority = reloaded_tls(files);
    no_authority["tls"]["client_auth"] = "required";
    class Case {
    public:
        Json config;
        std::string words;
    };
    for (const Case& each :
         {Case{wrong, "tls.key_path: can't use " + other.key_path +
                          ": it is not the key of the certificate in " + files.cert_path},
          Case{missing, "tls.cert_path: can't use /nowhere/cert.pem: No such file or directory"},
          Case{no_authority, "tls.client_ca_path: is needed where tls.client_auth is required"}}) {
        const Result<void> outcome = reload(rig, each.config);
        REQUIRE(outcome.has_error());
        CHECK(outcome.error().code() == ErrorCode::config);
        CHECK(outcome.error().message() == each.words);
        CHECK(shown(rig) == "one");
    }
}

TEST_CASE("clients must show a certificate from the next handshake on") {
    const TestCertificate files("DNS:localhost"), authority("");
    ListenerRig rig(reloaded_tls(files));
    RawClient old = rig.connect();
    REQUIRE(old.start_tls());
    CHECK(old.ask(request("GET", "", "/health")).status == 200);
    Json strict = reloaded_tls(files);
    strict["tls"]["client_auth"] = "required";
    strict["tls"]["client_ca_path"] = authority.cert_path;
    REQUIRE(reload(rig, strict).has_value());
    RawClient fresh = rig.connect();
    fresh.start_tls();
    CHECK(fresh.ask(request("GET", "", "/health")).status == 0);
    CHECK(old.ask(request("GET", "", "/health")).status == 200);
}

TEST_CASE("a certificate out of its time is served, with a warning") {
    class Case {
    public:
        std::chrono::seconds from, valid;
        const char* event;
    };
    for (const Case& each :
         {Case{std::chrono::hours(-48), std::chrono::hours(-24), "certificate expired file="},
          Case{std::chrono::hours(-1), std::chrono::hours(24 * 13),
               "certificate expires soon file="},
          Case{std::chrono::hours(1), std::chrono::hours(24 * 90),
               "certificate not yet valid file="}}) {
        const CapturedLog log;
        CertificateWish wish = valid_for(each.valid);
        wish.valid_from = each.from;
        const TestCertificate certificate(wish);
        const ListenerRig rig(reloaded_tls(certificate));
        CHECK(shown(rig) == "one");
        CHECK(log.has(each.event + certificate.cert_path));
        CHECK(log.has("warn"));
    }
}
