// SPDX-License-Identifier: Apache-2.0
// Which base URLs are taken, and what is said of the others.
#include "endpoint.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::otlp;

TEST_CASE("host, port and base path are told apart") {
    const Endpoint plain = Endpoint::parse("http://127.0.0.1:4318").value();
    CHECK_FALSE(plain.tls);
    CHECK(plain.host == "127.0.0.1");
    CHECK(plain.port == 4318);
    CHECK(plain.authority == "127.0.0.1:4318");
    CHECK(plain.path.empty());

    const Endpoint secure = Endpoint::parse("https://otlp.example/base/otlp/").value();
    CHECK(secure.tls);
    CHECK(secure.port == 443);
    CHECK(secure.authority == "otlp.example");
    CHECK(secure.path == "/base/otlp");
    CHECK(secure.display() == "https://otlp.example/base/otlp");

    const Endpoint six = Endpoint::parse("http://[::1]:80/").value();
    CHECK(six.host == "::1");
    CHECK(six.authority == "[::1]");
    CHECK(six.path.empty());
}

TEST_CASE("what is no base URL is refused with a reason") {
    class Case {
    public:
        Case(const char* url, const char* why) : text(url), words(why) {}
        const char *text, *words;
    };
    for (const Case& each : {
             Case("", "must begin with http:// or https://"),
             Case("collector:4318", "must begin with http:// or https://"),
             Case("grpc://collector:4317", "must begin with http:// or https://"),
             Case("http://", "names no host"),
             Case("http://:4318", "names no host"),
             Case("http://[]:4318", "names no host"),
             Case("http://[::1", "a [ without its ]"),
             Case("http://col lector", "no name and no address"),
             Case("http://a:b:1", "port that is not a number"),
             Case("http://a:", "port that is not a number"),
             Case("http://a:0", "port that is not a number"),
             Case("http://a:65536", "port that is not a number"),
             Case("http://[::1]x", "port that is not a number"),
             Case("http://me:secret@a", "must not hold a user or password"),
             Case("http://a/x?token=secret", "must not have a query"),
             Case("http://a/#x", "fragment"),
             Case("http://a/b c", "URLs write as %XX"),
             Case("http://a/x\r\nHost: b", "URLs write as %XX"),
             Case("http://a:4318/v1/traces", "is the base URL"),
             Case("http://a:4318/v1/metrics/", "is the base URL"),
         }) {
        CAPTURE(each.text);
        const auto parsed = Endpoint::parse(each.text);
        REQUIRE(parsed.has_error());
        CHECK(parsed.error().code() == shadowcat::sdk::ErrorCode::config);
        CHECK(parsed.error().message().find(each.words) != std::string::npos);
        CHECK(parsed.error().message().find("secret") == std::string::npos);
    }
}
