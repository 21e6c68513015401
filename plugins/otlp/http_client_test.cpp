// SPDX-License-Identifier: Apache-2.0
// Requests as they arrive, the kept connection, and everything that can go wrong with it.
#include "http_client.hpp"

#include "shadowcat/sdk/spawn.hpp"

#include "testing/collector.hpp"
#include "testing/run_until.hpp"
#include "testing/settings.hpp"

#include <doctest/doctest.h>

using namespace shadowcat;
using namespace shadowcat::otlp;
using namespace shadowcat::otlp::testing;
using sdk::Json;

namespace {

/// A client and what it got.
class ClientScene {
public:
    explicit ClientScene(const Json& given)
        : options(settings(ExporterOptions::schema(), given)), client(worker_, options) {}

    ClientScene(Collector::Script script, Json given = Json::object(),
                const TestCertificate* certificate = nullptr)
        : collector_(std::in_place, worker_, std::move(script), certificate),
          options(settings(ExporterOptions::schema(), at(*collector_, std::move(given)))),
          client(worker_, options) {}

    sdk::Result<Reply> post(const std::string& body,
                            sdk::Duration limit = std::chrono::seconds(15)) {
        std::optional<sdk::Result<Reply>> outcome;
        sdk::spawn_logged(worker_, perform(body, limit, outcome), "test.post");
        REQUIRE(run_until(worker_, [&] { return outcome.has_value(); }));
        return *outcome;
    }

    Collector& collector() { return *collector_; }

private:
    static Json at(const Collector& collector, Json given) {
        given.emplace("endpoint", collector.url());
        return given;
    }

    sdk::awaitable<> perform(std::string body, sdk::Duration limit,
                             std::optional<sdk::Result<Reply>>& outcome) {
        outcome = co_await client.post("/v1/traces", body, sdk::Clock::now() + limit);
    }

    sdk::Worker worker_;
    std::optional<Collector> collector_;

public:
    ExporterOptions options;
    HttpClient client;
};

Answer answer_ok(const Received&) { return Answer::ok(); }

std::string problem(ClientScene& scene) {
    const auto outcome = scene.post("{}");
    REQUIRE(outcome.has_error());
    return outcome.error().message();
}

}  // namespace

TEST_CASE("a request is a POST of JSON with the configured headers") {
    ClientScene scene(answer_ok, {{"headers", {{"Authorization", "Bearer x"}}}});
    const auto reply = scene.post(R"({"a":1})");
    REQUIRE(reply.has_value());
    CHECK(reply.value().status == 200);
    const Received& got = scene.collector().received.at(0);
    CHECK(got.first_line() == "POST /v1/traces HTTP/1.1");
    CHECK(got.has_line("Host: 127.0.0.1:" + std::to_string(scene.collector().port())));
    CHECK(got.has_line("Content-Type: application/json"));
    CHECK(got.has_line("Authorization: Bearer x"));
    CHECK(got.body == R"({"a":1})");
}

TEST_CASE("one connection carries many requests, large ones too") {
    ClientScene scene(answer_ok);
    const std::string large(1'000'000, ' ');
    for (int i = 0; i < 3; ++i)
        CHECK(scene.post(large).has_value());
    CHECK(scene.collector().connections == 1);
    CHECK(scene.collector().received.at(2).body.size() == large.size());
}

TEST_CASE("a connection that the collector closed meanwhile is replaced without a word") {
    ClientScene scene(answer_ok);
    CHECK(scene.post("{}").has_value());
    scene.collector().close_connections();
    CHECK(scene.post("{}").has_value());
    CHECK(scene.collector().connections == 2);
}

TEST_CASE("a kept connection that dies under a request is replaced once") {
    ClientScene scene([](const Received& got) {
        return got.connection == 0 && got.body == "second" ? Answer::close() : Answer::ok();
    });
    CHECK(scene.post("first").has_value());
    CHECK(scene.post("second").has_value());
    CHECK(scene.collector().received.size() == 3);
    ClientScene always(
        [](const Received& got) { return got.body == "1" ? Answer::ok() : Answer::close(); });
    CHECK(always.post("1").has_value());
    CHECK(always.post("2").error().message() == "the connection was closed without an answer");
    CHECK(always.collector().received.size() == 3);
}

TEST_CASE("a path before the signal's, and a collector that says close") {
    ClientScene scene(
        [](const Received&) { return Answer::json("200 OK", "{}", "Connection: close\r\n"); });
    CHECK(scene.post("{}").has_value());
    CHECK(scene.post("{}").has_value());
    CHECK(scene.collector().connections == 2);

    sdk::Worker ports;
    ClientScene based(answer_ok);
    const std::string url = based.collector().url() + "/base/";
    based.options.endpoint = Endpoint::parse(url).value();
    CHECK(based.post("{}").has_value());
    CHECK(based.collector().received.at(0).first_line() == "POST /base/v1/traces HTTP/1.1");
}

TEST_CASE("what goes wrong has a name") {
    ClientScene closing([](const Received&) { return Answer::close(); });
    CHECK(problem(closing) == "the connection was closed without an answer");
    ClientScene broken([](const Received&) {
        return Answer("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{", Answer::Then::close);
    });
    CHECK(problem(broken) == "the connection broke in the middle of the answer");
    ClientScene other([](const Received&) { return Answer("220 mail.example ESMTP\r\n"); });
    CHECK(problem(other) == "the answer is not HTTP");
    ClientScene gone(answer_ok);
    gone.collector().stop();
    CHECK(problem(gone) == "Connection refused");
    ClientScene nowhere(Json({{"endpoint", "http://no-such-host.invalid:4318"}}));
    CHECK_FALSE(problem(nowhere).empty());
}

TEST_CASE("a silent collector costs the time given, no more") {
    ClientScene scene([](const Received&) { return Answer::silence(); });
    const auto outcome = scene.post("{}", std::chrono::milliseconds(1));
    REQUIRE(outcome.has_error());
    CHECK(outcome.error().code() == sdk::ErrorCode::timed_out);
    CHECK(outcome.error().message() == "no answer in time");
}

TEST_CASE("https: the certificate must be trusted and for the host") {
    const TestCertificate good("DNS:localhost"), foreign("DNS:localhost"),
        other("DNS:other.example");
    ClientScene trusted(answer_ok, {{"ca_file", good.cert_path}}, &good);
    CHECK(trusted.post("{}").has_value());
    CHECK(trusted.post(std::string(300'000, ' ')).has_value());
    CHECK(trusted.collector().connections == 1);

    ClientScene distrusted(answer_ok, {{"ca_file", foreign.cert_path}}, &good);
    CHECK(problem(distrusted) == "TLS certificate refused: self-signed certificate");
    CHECK(distrusted.collector().received.empty());
    ClientScene system(answer_ok, Json::object(), &good);
    CHECK(problem(system) == "TLS certificate refused: self-signed certificate");
    ClientScene mismatched(answer_ok, {{"ca_file", other.cert_path}}, &other);
    CHECK(problem(mismatched) == "TLS certificate refused: hostname mismatch");
    CHECK(mismatched.collector().received.empty());
}

TEST_CASE("https to a port that speaks no TLS") {
    ClientScene plain([](const Received&) { return Answer::ok(); });
    ClientScene scene(
        Json({{"endpoint", "https://127.0.0.1:" + std::to_string(plain.collector().port())}}));
    const auto outcome = scene.post("{}", std::chrono::milliseconds(1));
    REQUIRE(outcome.has_error());
    CHECK_FALSE(outcome.error().message().empty());
}
