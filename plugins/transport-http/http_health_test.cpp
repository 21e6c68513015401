// SPDX-License-Identifier: Apache-2.0
// The checker `http_get` against servers that are well, ill, slow, or not there.
#include "http_health.hpp"

#include "shadowcat/sdk/spawn.hpp"

#include "testing/run_until.hpp"
#include "testing/scripted_server.hpp"
#include "testing/test_certificate.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::http;
using namespace shadowcat::http::testing;

namespace {

class UnusedTarget final : public HealthTarget {
public:
    awaitable<Result<Message>> ask(Message) override {
        co_return Error(ErrorCode::internal, "asked");
    }
    std::size_t crashes_since_last_check() override { return 0; }
    awaitable<Result<void>> ensure_open() override {
        co_return Error(ErrorCode::internal, "opened");
    }
};

Json checked(const Json& config) {
    std::vector<ConfigError> errors;
    Json out = validate(HttpHealth::schema(), config, "health", errors);
    for (const ConfigError& each : errors)
        FAIL_CHECK(each.path << ": " << each.message);
    return out;
}

class Scene {
public:
    explicit Scene(ScriptedServer::Script script, std::optional<TlsContext> tls = std::nullopt)
        : server(worker, std::move(script), std::move(tls)) {}
    ~Scene() {
        server.stop();
        CHECK(run_until(worker, [&] { return worker.gate().inside() == 0; }));
    }

    std::string origin(const char* scheme = "http") const {
        return std::string(scheme) + "://localhost:" + std::to_string(server.port());
    }

    Result<void> check(const Json& config, const std::string& upstream = "",
                       Duration timeout = std::chrono::seconds(10)) {
        const HealthContext context(worker, "primary",
                                    upstream.empty() ? origin() + "/mcp" : upstream, timeout);
        HttpHealth checker(checked(config), context);
        std::optional<Result<void>> outcome;
        spawn_logged(worker, store(checker, outcome), "test.check");
        REQUIRE(run_until(worker, [&] { return outcome.has_value(); }));
        return *outcome;
    }

    Worker worker;
    ScriptedServer server;

private:
    static awaitable<> store(HttpHealth& checker, std::optional<Result<void>>& outcome) {
        UnusedTarget target;
        outcome = co_await checker.check(target);
    }
};

ScriptedServer::Script always_status(const std::string& status) {
    return [status](const ServerRequest&) { return ServerAnswer::status(status); };
}

std::string health_refusal(const Json& config,
                           const std::string& upstream = "http://localhost:1/mcp") {
    Worker worker;
    const HealthContext context(worker, "primary", upstream, std::chrono::seconds(1));
    try {
        const HttpHealth checker(checked(config), context);
    } catch (const std::exception& e) {
        return e.what();
    }
    return "";
}

}  // namespace

TEST_CASE("without a url it GETs /health, or path, beside the upstream's endpoint") {
    Scene scene(always_status("204 No Content"));
    CHECK(scene.check(Json::object()).has_value());
    CHECK(scene.check({{"path", "/ready?full=1"}}).has_value());
    CHECK(scene.check({{"url", scene.origin() + "/elsewhere"}}, "node server.js").has_value());
    REQUIRE(scene.server.requests.size() == 3);
    CHECK(scene.server.requests[0].head.starts_with("GET /health HTTP/1.1\r\n"));
    CHECK(scene.server.requests[0].header("Host") ==
          "localhost:" + std::to_string(scene.server.port()));
    CHECK(scene.server.requests[1].head.starts_with("GET /ready?full=1 HTTP/1.1\r\n"));
    CHECK(scene.server.requests[2].head.starts_with("GET /elsewhere HTTP/1.1\r\n"));
    CHECK(scene.server.connections() == 3);
}

TEST_CASE("which statuses are healthy is configured, and a redirect is not followed") {
    Scene scene([](const ServerRequest& request) {
        const std::string status = request.head.substr(5, 3);
        return ServerAnswer::status(status + " X", "Location: /200\r\n");
    });
    const auto verdict = [&](const char* path, const Json& expected) {
        Json config = {{"path", path}};
        if (!expected.is_null()) config["expect_status"] = expected;
        const Result<void> outcome = scene.check(config);
        return outcome ? std::string("healthy") : outcome.error().message();
    };
    CHECK(verdict("/200", Json()) == "healthy");
    CHECK(verdict("/299", Json()) == "healthy");
    CHECK(verdict("/302", Json()) ==
          scene.origin() + "/302: answers with status 302, expected 200-299");
    CHECK(verdict("/503", Json()).ends_with("answers with status 503, expected 200-299"));
    CHECK(verdict("/404", {"200-204", 404}) == "healthy");
    CHECK(verdict("/205", {"200-204", 404}).ends_with("status 205, expected 200-204, 404"));
    CHECK(scene.server.requests.size() == 6);
}

TEST_CASE("a large body, or one without an end, changes nothing and is not read to its end") {
    const std::string large(1'000'000, 'x');
    Scene whole([&](const ServerRequest&) { return ServerAnswer::json(large); });
    CHECK(whole.check(Json::object()).has_value());
    Scene endless([&](const ServerRequest&) {
        return ServerAnswer("HTTP/1.1 200 OK\r\n\r\n" + large, ServerAnswer::Then::stay);
    });
    CHECK(endless.check(Json::object()).has_value());
}

TEST_CASE("a server that says nothing, or stops in the middle, is unhealthy in bounded time") {
    constexpr auto kLimit = std::chrono::milliseconds(300);
    Scene mute([](const ServerRequest&) { return ServerAnswer("", ServerAnswer::Then::stay); });
    const Result<void> silent = mute.check(Json::object(), "", kLimit);
    REQUIRE(silent.has_error());
    CHECK(silent.error().code() == ErrorCode::timed_out);
    CHECK(silent.error().message() == mute.origin() + "/health: no answer in time");
    Scene broken([](const ServerRequest&) {
        return ServerAnswer("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc",
                            ServerAnswer::Then::close);
    });
    const Result<void> cut = broken.check(Json::object());
    REQUIRE(cut.has_error());
    CHECK(cut.error().message().find("in the middle of the answer") != std::string::npos);
    Scene babble([](const ServerRequest&) { return ServerAnswer("SSH-2.0\r\n\r\n"); });
    CHECK(babble.check(Json::object()).error().code() == ErrorCode::protocol);
}

TEST_CASE("nobody there") {
    Scene scene(always_status("200 OK"));
    scene.server.stop();
    const Result<void> outcome = scene.check(Json::object());
    REQUIRE(outcome.has_error());
    CHECK(outcome.error().code() == ErrorCode::unreachable);
    CHECK(outcome.error().message().find("can't connect: Connection refused") != std::string::npos);
}

TEST_CASE("https with its own authority, or none") {
    const TestCertificate certificate("DNS:localhost");
    const TlsServerOptions files(certificate.cert_path, certificate.key_path);
    Scene scene(always_status("200 OK"), TlsContext::server(files).value());
    const std::string upstream = scene.origin("https") + "/mcp";
    CHECK(scene.check({{"tls", {{"ca_file", certificate.cert_path}}}}, upstream).has_value());
    CHECK(scene.check({{"tls", {{"verify", false}}}}, upstream).has_value());
    const Result<void> outcome = scene.check(Json::object(), upstream);
    REQUIRE(outcome.has_error());
    CHECK(outcome.error().message() ==
          scene.origin("https") + "/health: TLS certificate refused: self-signed certificate");
}

TEST_CASE("configuration that can't work is refused with the key's name") {
    CHECK(health_refusal(Json::object(), "node server.js").starts_with("url: is needed"));
    CHECK(health_refusal({{"url", "ftp://x/"}}) == "url: must begin with http:// or https://");
    CHECK(health_refusal({{"path", "health"}}) == "path: 'health' doesn't begin with '/'");
    CHECK(health_refusal({{"path", "/a b"}}).starts_with("url: "));
    CHECK(health_refusal({{"url", "http://x/"}, {"path", "/y"}}) ==
          "path: has no effect where url is given");
    for (const char* status : {"", "2xx", "99", "600", "299-200", "200-", "-200", "200 "}) {
        INFO(status);
        CHECK(health_refusal({{"expect_status", {status}}})
                  .starts_with("expect_status: '" + std::string(status) + "' is neither"));
    }
    CHECK(health_refusal({{"expect_status", Json::array()}}) == "expect_status: names no status");
    CHECK(health_refusal({{"tls", {{"verify", false}}}}).starts_with("tls: has no effect"));
    CHECK(health_refusal({{"tls", {{"ca_file", "/no/ca"}}}}, "https://x/mcp")
              .starts_with("tls.ca_file: can't use /no/ca"));
}
