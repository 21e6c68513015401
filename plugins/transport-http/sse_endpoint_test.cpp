// SPDX-License-Identifier: Apache-2.0
// References that a server may announce, and those that lead away from it.
#include "sse_endpoint.hpp"

#include <doctest/doctest.h>

#include <utility>
#include <vector>

using namespace shadowcat::http;

TEST_CASE("an endpoint is resolved against the URL of the stream") {
    const UpstreamUrl stream = UpstreamUrl::parse("http://Host.example:81/mcp/sse?k=1").value();
    const std::vector<std::pair<const char*, const char*>> table = {
        {"/messages?sessionId=7", "/messages?sessionId=7"},
        {"messages", "/mcp/messages"},
        {"./messages/", "/mcp/messages/"},
        {"../messages?x=../y", "/messages?x=../y"},
        {"../../../m", "/m"},
        {"..", "/"},
        {"a/b/../c/.", "/mcp/a/c/"},
        {"?sessionId=7", "/mcp/sse?sessionId=7"},
        {"/m#fragment", "/m"},
        {" /m ", "/m"},
        {"/m?next=http://other/", "/m?next=http://other/"},
        {"http://host.example:81/m?a=1", "/m?a=1"},
        {"HTTP://HOST.EXAMPLE:81", "/"},
        {"//host.example:81/m", "/m"},
    };
    for (const auto& [reference, expected] : table) {
        INFO(reference);
        const auto endpoint = sse_endpoint(stream, reference);
        REQUIRE(endpoint.has_value());
        CHECK(*endpoint == expected);
    }
}

TEST_CASE("another origin is refused, and so is what is no reference") {
    const UpstreamUrl stream = UpstreamUrl::parse("https://host/sse").value();
    const std::string long_one(9000, 'x');
    const std::vector<std::pair<std::string, const char*>> table = {
        {"http://host/m", "is at another origin: host"},
        {"https://other/m", "is at another origin: other"},
        {"https://host:444/m", "is at another origin: host:444"},
        {"https://host.evil/m", "is at another origin"},
        {"//other/m", "is at another origin: other"},
        {"https://host@other/m", "is not a usable reference"},
        {"ftp://host/m", "is not a usable reference"},
        {"javascript:alert(1)", "is not a usable reference"},
        {"/m\r\nX: y", "is not a usable reference"},
        {"/m n", "is not a usable reference"},
        {"\\\\other\\m", "is not a usable reference"},
        {"/\xC3\xA9", "is not a usable reference"},
        {"", "is empty"},
        {"#f", "is empty"},
        {long_one, "is too long"},
    };
    for (const auto& [reference, why] : table) {
        INFO(reference);
        const auto endpoint = sse_endpoint(stream, reference);
        REQUIRE(endpoint.has_error());
        CHECK(endpoint.error().code() == shadowcat::sdk::ErrorCode::protocol);
        CHECK(endpoint.error().message().find(why) != std::string::npos);
    }
    CHECK(sse_endpoint(stream, "https://host:443/m").value() == "/m");
}
