// SPDX-License-Identifier: Apache-2.0
// What the listener's keys accept and become.
#include "http_listener_options.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

using namespace shadowcat::http;

namespace {

Json validated(const Json& value) {
    std::vector<ConfigError> errors;
    Json config = validate(http_listener_schema(), value, "listener", errors);
    REQUIRE(errors.empty());
    return config;
}

std::string options_refusal(const Json& value) {
    try {
        HttpListenerOptions options(validated(value));
    } catch (const std::invalid_argument& e) {
        return e.what();
    }
    return "";
}

}  // namespace

TEST_CASE("an empty configuration means the documented defaults") {
    const HttpListenerOptions options(validated(Json::object()));
    CHECK(options.bind.address().to_string() == "127.0.0.1");
    CHECK(options.bind.port() == 8080);
    CHECK(options.path == "/mcp");
    CHECK(options.message.max_bytes == 10485760);
    CHECK(options.message.max_depth == 128);
    CHECK(options.max_header_bytes == 16384);
    CHECK(options.max_connections == 10000);
    CHECK(options.idle_timeout == std::chrono::seconds(75));
    CHECK(options.header_timeout == std::chrono::seconds(10));
    CHECK(options.body_timeout == std::chrono::seconds(30));
    CHECK(options.write_timeout == std::chrono::seconds(30));
    CHECK(options.ping_interval == std::chrono::seconds(15));
    CHECK(options.keepalive == std::chrono::seconds(60));
    CHECK(options.is_endpoint("/mcp"));
    CHECK_FALSE(options.is_endpoint("/sse"));
    CHECK_FALSE(options.is_endpoint("/messages"));
    CHECK_FALSE(options.tls);
    CHECK(options.policy.allows_host("localhost"));
    CHECK_FALSE(options.policy.allows_host("example.com"));
}

TEST_CASE("bind addresses") {
    CHECK(parse_bind_address("0.0.0.0:0").port() == 0);
    CHECK(parse_bind_address("[::1]:65535").address().is_loopback());
    CHECK(parse_bind_address("localhost:1").address().is_loopback());
    for (const char* text : {"", "8080", ":8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536",
                             "127.0.0.1:x", "::1:80", "[127.0.0.1]:80", "example.com:80"}) {
        CAPTURE(text);
        CHECK_THROWS_AS(parse_bind_address(text), std::invalid_argument);
    }
}

TEST_CASE("addresses beyond loopback take any host name unless some are listed") {
    CHECK(HttpListenerOptions(validated({{"bind_address", "0.0.0.0:80"}})).policy.allows_host("x"));
    const Json listed = {{"bind_address", "0.0.0.0:80"}, {"allowed_hosts", {"mcp.example"}}};
    CHECK_FALSE(HttpListenerOptions(validated(listed)).policy.allows_host("x"));
}

TEST_CASE("what the schema can't judge is refused with the key's name") {
    CHECK(options_refusal({{"path", "mcp"}}) == "path: 'mcp' doesn't begin with '/'");
    CHECK(options_refusal({{"path", "/mcp?x"}}) == "path: '/mcp?x' is more than a path");
    CHECK(options_refusal({{"bind_address", "here"}}) ==
          "bind_address: 'here' is not ADDRESS:PORT");
    CHECK(options_refusal({{"tls", {{"enabled", true}}}}) ==
          "tls.cert_path: is needed where tls.enabled is true");
    const Json missing = {{"enabled", true}, {"cert_path", "/nowhere"}, {"key_path", "/nowhere"}};
    CHECK(options_refusal({{"tls", missing}}) ==
          "tls.cert_path: can't use /nowhere: No such file or directory");
}

TEST_CASE("the deprecated pair has two paths of its own") {
    const HttpListenerOptions options(validated({{"sse", {{"enabled", true}}}}));
    CHECK(options.is_endpoint("/mcp"));
    CHECK(options.is_endpoint("/sse"));
    CHECK(options.is_endpoint("/messages"));
    const auto refused = [](const char* key, const char* path) {
        return options_refusal({{"sse", {{"enabled", true}, {key, path}}}});
    };
    CHECK(refused("path", "sse") == "sse.path: 'sse' doesn't begin with '/'");
    CHECK(refused("path", "") == "sse.path: is empty");
    CHECK(refused("path", "/mcp") == "sse.path: is the MCP endpoint's");
    CHECK(refused("message_path", "/mcp") == "sse.message_path: is another endpoint's");
    CHECK(refused("message_path", "/sse") == "sse.message_path: is another endpoint's");
    CHECK(refused("message_path", "") == "sse.message_path: is empty");
}

TEST_CASE("a listener without a path serves pages alone") {
    CHECK(HttpListenerOptions(validated({{"path", ""}})).path.empty());
}

TEST_CASE("client_auth is one of three") {
    std::vector<ConfigError> errors;
    validate(http_listener_schema(), {{"tls", {{"client_auth", "maybe"}}}}, "listener", errors);
    REQUIRE(errors.size() == 1);
    CHECK(errors[0].path == "listener.tls.client_auth");
}

TEST_CASE("an empty path is no endpoint") {
    const HttpListenerOptions options(validated({{"path", ""}, {"keepalive_secs", 0}}));
    CHECK_FALSE(options.is_endpoint(""));
    CHECK_FALSE(options.is_endpoint("/"));
    CHECK(options.keepalive.count() == 0);
}

TEST_CASE("limits out of bounds are the schema's to refuse") {
    for (const char* key :
         {"max_body_bytes", "max_header_bytes", "max_depth", "max_connections", "idle_timeout_secs",
          "header_timeout_secs", "body_timeout_secs", "write_timeout_secs", "ping_interval_secs"}) {
        CAPTURE(key);
        std::vector<ConfigError> errors;
        validate(http_listener_schema(), {{key, 0}}, "listener", errors);
        CHECK(errors.size() == 1);
    }
}
