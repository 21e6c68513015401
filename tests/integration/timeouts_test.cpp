// SPDX-License-Identifier: Apache-2.0
// Requests that take too long: each limit answers in its own words, and the server is told.
#include "upstreams.hpp"

#include <doctest/doctest.h>

using namespace integration;

namespace {

ReverseProxy limited(const std::vector<std::string>& command, const std::string& limits) {
    return pool_of(stdio_upstream("primary", command), {"limits: " + limits});
}

ReverseProxy silent(const std::string& limits) {
    return limited({kFakeServer, "never-answers", "tools/call"}, limits);
}

/// 504 with these words, for this request, and the server heard that it is over.
void check_expired(ReverseProxy& proxy, McpClient& client, const std::string& words) {
    Messages call = client.begin_tool("fake");
    CHECK(call.head().status == 504);
    const Json body = call.head().json();
    CHECK(body.at("id") == client.last_id());
    CHECK(body.at("error").at("message") == words);
    CHECK(body.at("error").at("data").at("reason") == "timed_out");
    CHECK_FALSE(proxy.process().wait_for_log({"heard notifications/cancelled"}).empty());
    CHECK(client.ask("tools/list").contains("result"));
}

}  // namespace

TEST_CASE("first_byte_timeout_secs: not a word in time") {
    ReverseProxy proxy = silent("{ first_byte_timeout_secs: 1 }");
    McpClient client = proxy.client();
    client.initialize();
    check_expired(proxy, client, "not a word about 'tools/call' within 1 s");
}

TEST_CASE("request_timeout_secs: no answer in time") {
    ReverseProxy proxy = silent("{ request_timeout_secs: 1 }");
    McpClient client = proxy.client();
    client.initialize();
    check_expired(proxy, client, "no answer to 'tools/call' within 1 s");
}

TEST_CASE("total_timeout_secs: not finished in time") {
    ReverseProxy proxy = silent("{ total_timeout_secs: 1 }");
    McpClient client = proxy.client();
    client.initialize();
    check_expired(proxy, client, "'tools/call' took longer than 1 s");
}

TEST_CASE("progress extends request_timeout_secs") {
    ReverseProxy proxy = limited({kDemoServer}, "{ request_timeout_secs: 2 }");
    McpClient client = proxy.client();
    client.initialize();
    Messages call = client.begin_tool("slow", {{"steps", 15}, {"delay_ms", 200}}, "t");
    CHECK(text_of(call.response()) == "done after 15 steps");
    Messages silent = client.begin_tool("slow", {{"steps", 15}, {"delay_ms", 200}});
    CHECK(silent.head().status == 504);
}

TEST_CASE("progress doesn't extend total_timeout_secs") {
    ReverseProxy proxy = limited({kDemoServer}, "{ total_timeout_secs: 1 }");
    McpClient client = proxy.client();
    client.initialize();
    Messages call = client.begin_tool("slow", {{"steps", 1000}, {"delay_ms", 100}}, "t");
    const Json response = call.response();
    CHECK(response.at("id") == client.last_id());
    CHECK(response.at("error").at("message") == "'tools/call' took longer than 1 s");
    CHECK(call.heard.size() >= 2);
    CHECK(client.ask("tools/list").contains("result"));
}

TEST_CASE("a server behind a URL is told too when its time is over") {
    FakeHttpServer server({"slow", "600000"});
    ReverseProxy proxy =
        pool_of(http_upstream("primary", server.url()), {"limits: { request_timeout_secs: 1 }"});
    McpClient client = proxy.client();
    client.initialize();
    CHECK(client.begin_tool("fake").head().status == 504);
    CHECK_FALSE(server.process().wait_for_log({"asked notifications/cancelled"}).empty());
}
