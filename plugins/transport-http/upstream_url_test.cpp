// SPDX-License-Identifier: Apache-2.0
// URLs as operators write them, and as they get them wrong.
#include "upstream_url.hpp"

#include <doctest/doctest.h>

#include <tuple>
#include <vector>

using namespace shadowcat::http;

TEST_CASE("the parts of a URL") {
    using Row = std::tuple<const char*, bool, const char*, int, const char*, const char*>;
    const std::vector<Row> table = {
        Row("http://example.com/mcp", false, "example.com", 80, "example.com", "/mcp"),
        Row("https://example.com", true, "example.com", 443, "example.com", "/"),
        Row("HTTP://127.0.0.1:8080/a/b", false, "127.0.0.1", 8080, "127.0.0.1:8080", "/a/b"),
        Row("https://example.com:443/x", true, "example.com", 443, "example.com", "/x"),
        Row("http://[::1]:9000/mcp", false, "::1", 9000, "[::1]:9000", "/mcp"),
        Row("http://[::1]", false, "::1", 80, "[::1]", "/"),
        Row("http://host?key=1", false, "host", 80, "host", "/?key=1"),
        Row("http://host:81/p?q=/r", false, "host", 81, "host:81", "/p?q=/r"),
    };
    for (const auto& [text, tls, host, port, authority, target] : table) {
        INFO(text);
        const auto url = UpstreamUrl::parse(text);
        REQUIRE(url.has_value());
        CHECK(url->tls == tls);
        CHECK(url->host == host);
        CHECK(url->port == port);
        CHECK(url->authority == authority);
        CHECK(url->target == target);
    }
}

TEST_CASE("what is wrong with a URL is said, without its secrets") {
    const std::vector<std::pair<const char*, const char*>> table = {
        {"", "must begin with http:// or https://"},
        {"example.com/mcp", "must begin with http:// or https://"},
        {"ftp://example.com", "must begin with http:// or https://"},
        {"http://", "names no host"},
        {"http:///mcp", "names no host"},
        {"http://:80/", "names no host"},
        {"http://user:hunter2@example.com/", "must not hold a user or password"},
        {"http://example.com:0/", "the port is not a number from 1 to 65535"},
        {"http://example.com:65536/", "the port is not a number from 1 to 65535"},
        {"http://example.com:/", "the port is not a number from 1 to 65535"},
        {"http://example.com:8o/", "the port is not a number from 1 to 65535"},
        {"http://[::1/", "a [ without its ]"},
        {"http://[::1]x/", "the port is not a number"},
        {"http://exa mple.com/", "a character that URLs write as %XX"},
        {"http://example.com/a\r\nX: y", "a character that URLs write as %XX"},
        {"http://example.com/#top", "must not have a fragment"},
        {"http://exa*mple.com/", "the host is not a name"},
    };
    for (const auto& [text, why] : table) {
        INFO(text);
        const auto url = UpstreamUrl::parse(text);
        REQUIRE(url.has_error());
        CHECK(url.error().code() == ErrorCode::config);
        CHECK(url.error().message().find(why) != std::string::npos);
        CHECK(url.error().message().find("hunter2") == std::string::npos);
    }
}

TEST_CASE("a URL is shown without its query") {
    CHECK(UpstreamUrl::parse("https://h:8443/mcp?api_key=secret")->display() ==
          "https://h:8443/mcp");
}
