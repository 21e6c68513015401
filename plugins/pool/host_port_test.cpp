// SPDX-License-Identifier: Apache-2.0
// HostPort: which texts name a place to connect to.
#include "host_port.hpp"

#include <doctest/doctest.h>

using shadowcat::pool::HostPort;
using shadowcat::sdk::ErrorCode;

namespace {

std::string url(std::string_view text) {
    const auto place = HostPort::of_url(text);
    return place.has_value() ? place->text() : "";
}

std::string address(std::string_view text) {
    const auto place = HostPort::parse(text);
    return place.has_value() ? place->text() : "";
}

}  // namespace

TEST_CASE("a URL's port is the one it names, or its scheme's") {
    CHECK(url("http://example.com/mcp") == "example.com:80");
    CHECK(url("https://example.com/mcp") == "example.com:443");
    CHECK(url("https://example.com:8443") == "example.com:8443");
    CHECK(url("http://10.0.0.1:9000?x=1") == "10.0.0.1:9000");
}

TEST_CASE("IPv6 stands in brackets, and is connected to without them") {
    CHECK(url("http://[::1]:8080/mcp") == "[::1]:8080");
    CHECK(url("https://[2001:db8::1]/") == "[2001:db8::1]:443");
    CHECK(HostPort::of_url("http://[::1]:8080/mcp")->host == "::1");
    CHECK(address("[fe80::1%eth0]:80") == "[fe80::1%eth0]:80");
}

TEST_CASE("an address needs a port") {
    CHECK(address("db.example.com:5432") == "db.example.com:5432");
    CHECK(address("127.0.0.1:1") == "127.0.0.1:1");
    CHECK(HostPort::parse("db.example.com").error().message() ==
          "names no port from 1 to 65535 behind a colon");
}

TEST_CASE("what is none is refused as a mistake in the configuration") {
    for (const char* text : {"", ":80", "host:", "host:0", "host:65536", "host:8o", "host:80x",
                             "a b:80", "[::1:80", "[]:80", "[::1]80", "::1:80", "user@host:80"}) {
        INFO(text);
        const auto place = HostPort::parse(text);
        REQUIRE(place.has_error());
        CHECK(place.error().code() == ErrorCode::config);
    }
}

TEST_CASE("what is no web URL is refused") {
    for (const char* text : {"mcp-server --production", "ftp://host/", "http://", "http:///mcp",
                             "contract", "https://host:port/"}) {
        INFO(text);
        CHECK(HostPort::of_url(text).has_error());
    }
}
