// SPDX-License-Identifier: Apache-2.0
// Addresses an operator may type.
#include "core/config/bind_address.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::core;

TEST_CASE("host and port are told apart") {
    REQUIRE(parse_bind_address("127.0.0.1:8080").has_value());
    CHECK(parse_bind_address("127.0.0.1:8080")->host == "127.0.0.1");
    CHECK(parse_bind_address("127.0.0.1:8080")->port == 8080);
    CHECK(parse_bind_address("[::1]:0")->host == "::1");
    CHECK(parse_bind_address("proxy.example:65535")->port == 65535);
}

TEST_CASE("what is no host and port is refused") {
    for (const char* text :
         {"", ":", ":80", "localhost", "localhost:", "localhost:x", "a:65536", "a:-1", "::1:80",
          "[::1]", "[]:80", "[a]:80", "http://a:80", "a b:80"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_bind_address(text).has_value());
    }
}

TEST_CASE("loopback addresses are known") {
    for (const char* text : {"127.0.0.1:1", "127.9.9.9:1", "[::1]:1", "localhost:1"}) {
        CHECK(parse_bind_address(text)->is_loopback());
    }
    for (const char* text : {"0.0.0.0:1", "[::]:1", "10.0.0.1:1", "example:1"}) {
        CHECK_FALSE(parse_bind_address(text)->is_loopback());
    }
}
