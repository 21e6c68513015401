// SPDX-License-Identifier: Apache-2.0
// Which origins and hosts pass, bound to loopback and elsewhere.
#include "origin_policy.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::http;

TEST_CASE("a loopback listener knows this machine by its names, any port") {
    const OriginPolicy policy(true, {}, {});
    for (const char* host : {"localhost", "LocalHost:8080", "127.0.0.1", "127.0.0.1:1", "[::1]",
                             "[::1]:65535", "localhost:"}) {
        CAPTURE(host);
        CHECK(policy.allows_host(host));
    }
    for (const char* host : {"", "evil.example", "localhost.evil.example", "127.0.0.1.evil.example",
                             "localhost:80:80", "localhost:8o", "::1", "[::1", "127.0.0.2",
                             "localhost@evil.example", "localhost:123456"}) {
        CAPTURE(host);
        CHECK_FALSE(policy.allows_host(host));
    }
}

TEST_CASE("a loopback listener lets pages of this machine in, and no other") {
    const OriginPolicy policy(true, {}, {});
    for (const char* origin : {"http://localhost", "https://localhost:3000",
                               "http://127.0.0.1:6274", "HTTP://LOCALHOST", "http://[::1]:9"}) {
        CAPTURE(origin);
        CHECK(policy.allows_origin(origin));
    }
    for (const char* origin :
         {"null", "", "http://evil.example", "http://localhost.evil.example", "http://localhost/",
          "http://localhost:80/x", "ftp://localhost", "localhost", "http://",
          "http://evil.example#http://localhost", "http://localhost:1:2"}) {
        CAPTURE(origin);
        CHECK_FALSE(policy.allows_origin(origin));
    }
}

TEST_CASE("the lists add to a loopback listener's names") {
    const OriginPolicy policy(true, {"https://App.example"}, {"proxy.example", "other.example:81"});
    CHECK(policy.allows_origin("https://app.example"));
    CHECK(policy.allows_origin("https://app.example:443"));
    CHECK_FALSE(policy.allows_origin("http://app.example"));
    CHECK_FALSE(policy.allows_origin("https://app.example:444"));
    CHECK(policy.allows_origin("http://localhost:1"));
    CHECK(policy.allows_host("PROXY.example:9"));
    CHECK(policy.allows_host("other.example:81"));
    CHECK_FALSE(policy.allows_host("other.example:82"));
    CHECK_FALSE(policy.allows_host("other.example"));
    CHECK(policy.allows_host("localhost"));
}

TEST_CASE("bound elsewhere, origins must be listed and hosts may be") {
    const OriginPolicy open(false, {}, {});
    CHECK(open.allows_host("mcp.example"));
    CHECK_FALSE(open.allows_origin("http://localhost"));
    CHECK_FALSE(open.allows_origin("https://mcp.example"));

    const OriginPolicy listed(false, {"https://mcp.example"}, {"mcp.example"});
    CHECK(listed.allows_host("mcp.example:443"));
    CHECK_FALSE(listed.allows_host("localhost"));
    CHECK(listed.allows_origin("https://mcp.example"));
    CHECK_FALSE(listed.allows_origin("https://evil.example"));
}

TEST_CASE("null passes only where the operator says so") {
    CHECK(OriginPolicy(true, {"null"}, {}).allows_origin("null"));
}
