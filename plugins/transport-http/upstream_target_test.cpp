// SPDX-License-Identifier: Apache-2.0
// Configurations that can't work are refused with a reason; request heads are what was configured.
#include "upstream_target.hpp"

#include "shadowcat/sdk/version.hpp"

#include "upstream_request.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::http;

namespace {

Json complete(const Json& config) {
    std::vector<ConfigError> errors;
    Json checked = validate(UpstreamTarget::schema(), config, "upstream", errors);
    REQUIRE(errors.empty());
    return checked;
}

std::string target_refusal(const Json& config) {
    try {
        const UpstreamTarget target(complete(config));
    } catch (const std::runtime_error& error) {
        return error.what();
    }
    return "accepted";
}

}  // namespace

TEST_CASE("configurations that can't work are refused with a reason") {
    const std::string url = "http://localhost/mcp";
    const std::vector<std::pair<Json, const char*>> table = {
        {{{"url", "localhost"}}, "url: must begin with http:// or https://"},
        {{{"url", url}, {"headers", {{"Host", "x"}}}},
         "headers.Host: is set by the connector itself"},
        {{{"url", url}, {"headers", {{"mcp-session-id", "x"}}}}, "is set by the connector itself"},
        {{{"url", url}, {"headers", {{"Mcp-Name", "x"}}}}, "is set by the connector itself"},
        {{{"url", url}, {"headers", {{"MCP-Param-Region", "x"}}}},
         "is set by the connector itself"},
        {{{"url", url}, {"headers", {{"X Y", "x"}}}}, "headers.X Y: not the name of a header"},
        {{{"url", url}, {"headers", {{"X", "a\r\nY: b"}}}}, "headers.X: the value holds a control"},
        {{{"url", url}, {"tls", {{"ca_file", "/x"}}}},
         "tls: has no effect, the url begins with http://"},
        {{{"url", url}, {"tls", {{"verify", false}}}}, "tls: has no effect"},
        {{{"url", "https://h/"}, {"tls", {{"ca_file", "/no/such.pem"}}}},
         "tls.ca_file: can't use /no/such.pem: "},
        {{{"url", "https://h/"}, {"tls", {{"cert_path", "/x"}}}},
         "cert_path and key_path need each other"},
        {{{"url", "https://h/"}, {"tls", {{"cert_path", "/no/c"}, {"key_path", "/no/k"}}}},
         "tls.cert_path: can't use /no/c: "},
    };
    for (const auto& [config, why] : table) {
        INFO(config.dump());
        CHECK(target_refusal(config).find(why) != std::string::npos);
    }
    CHECK(target_refusal({{"url", url}}) == "accepted");
    CHECK(target_refusal({{"url", "https://h/"}, {"tls", {{"verify", false}}}}) == "accepted");
}

TEST_CASE("the schema refuses unknown keys and values out of bounds") {
    std::vector<ConfigError> errors;
    (void)validate(UpstreamTarget::schema(),
                   {{"url", "http://h"}, {"idle_timeout_sec", 1}, {"max_connections", 0}}, "u",
                   errors);
    REQUIRE(errors.size() == 2);
    CHECK(errors[0].path == "u.idle_timeout_sec");
    CHECK(errors[1].path == "u.max_connections");
}

TEST_CASE("request heads hold what was configured and what the session learnt") {
    const UpstreamTarget target(
        complete({{"url", "http://h:81/mcp?k=1"}, {"headers", {{"Authorization", "Bearer t"}}}}));
    RequestHeads heads(target);
    std::string out;
    heads.post(out, 17);
    CHECK(out ==
          "POST /mcp?k=1 HTTP/1.1\r\nHost: h:81\r\nUser-Agent: shadowcat/" SHADOWCAT_SDK_VERSION
          "\r\n"
          "Authorization: Bearer t\r\nContent-Type: application/json\r\n"
          "Accept: application/json, text/event-stream\r\nContent-Length: 17\r\n\r\n");
    heads.set_session_id("s-1");
    heads.set_revision("2025-06-18");
    heads.get(out, "e.7");
    CHECK(out ==
          "GET /mcp?k=1 HTTP/1.1\r\nHost: h:81\r\nUser-Agent: shadowcat/" SHADOWCAT_SDK_VERSION
          "\r\n"
          "Authorization: Bearer t\r\nMcp-Session-Id: s-1\r\nMCP-Protocol-Version: 2025-06-18\r\n"
          "Accept: text/event-stream\r\nLast-Event-ID: e.7\r\n\r\n");
    heads.remove(out);
    CHECK(out.starts_with("DELETE /mcp?k=1 HTTP/1.1\r\n"));
    CHECK(out.find("Mcp-Session-Id: s-1\r\n") != std::string::npos);
}

TEST_CASE("an error names the upstream without its secrets") {
    const UpstreamTarget target(complete({{"url", "http://h/mcp?key=secret"}}));
    CHECK(target.failure(ErrorCode::protocol, "answered 500").message() ==
          "http://h/mcp: answered 500");
}
