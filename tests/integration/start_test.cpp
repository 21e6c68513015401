// SPDX-License-Identifier: Apache-2.0
// The one-line start and what plain requests get from it.
#include "harness/process_table.hpp"
#include "harness/proxy_fixture.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace integration;

namespace {

/// The request that the mission's first document prints, as curl sends it.
std::string seed_request(const std::string& session = "test-123") {
    return http_request("POST", "/mcp",
                        {{"Host", "localhost:8080"},
                         {"User-Agent", "curl/7.88.1"},
                         {"Accept", "*/*"},
                         {"Content-Type", "application/json"},
                         {"MCP-Session-Id", session},
                         {"MCP-Protocol-Version", "2025-11-05"}},
                        R"({"jsonrpc":"2.0","id":"1","method":"test","params":{}})");
}

bool is_session_id(const std::string& id) {
    return id.size() == 50 && id.find_first_not_of("0123456789abcdef") == std::string::npos;
}

Json requests_served(McpClient& client) {
    return client.call_tool("whoami").at("result").at("structuredContent").at("requests");
}

}  // namespace

TEST_CASE("the seed's curl call is answered on the one-line start") {
    ReverseProxy proxy(kDemoServer);
    const HttpResponse answer = HttpClient(proxy.port()).ask(seed_request());
    CHECK(answer.status == 200);
    CHECK(answer.header("content-type") == "application/json");
    CHECK(answer.json().at("id") == "1");
    CHECK(answer.json().at("result").at("method") == "test");
    CHECK(answer.json().at("result").at("params") == Json::object());
}

TEST_CASE("an adopted session is one session for everybody who names it") {
    ReverseProxy proxy(kDemoServer);
    for (const char* id : {"test-123", "test-123", "another"})
        CHECK(HttpClient(proxy.port()).ask(seed_request(id)).status == 200);
    CHECK(children_of(proxy.process().pid()).size() == 2);
}

TEST_CASE("a session that the proxy minted and ended is not adopted") {
    ReverseProxy proxy(kDemoServer);
    McpClient client = proxy.client();
    client.initialize();
    CHECK(client.end().status == 200);
    CHECK(HttpClient(proxy.port()).ask(seed_request(client.session())).status == 404);
}

TEST_CASE("initialize opens a session, and its tools work") {
    ReverseProxy proxy(kDemoServer);
    McpClient client = proxy.client();
    const Json result = client.initialize();
    CHECK(is_session_id(client.session()));
    CHECK(result.at("protocolVersion") == "2025-11-25");
    CHECK(result.at("serverInfo").at("name") == "shadowcat-demo-server");
    const Json tools = client.ask("tools/list").at("result").at("tools");
    CHECK(tools.size() == 10);
    CHECK(text_of(client.call_tool("echo", {{"message", "h\u00e9llo \u2028"}})) ==
          "h\u00e9llo \u2028");
}

TEST_CASE("no integer is rounded on the way") {
    ReverseProxy proxy(kDemoServer);
    McpClient client = proxy.client();
    client.initialize();
    const std::string numbers =
        "[9007199254740993,-9007199254740993,18446744073709551615,-9223372036854775808]";
    const HttpResponse answer =
        client.post(R"({"jsonrpc":"2.0","id":9223372036854775807,"method":"tools/call",)"
                    R"("params":{"name":"echo","arguments":{"message":)" +
                    numbers + "}}}");
    CHECK(answer.status == 200);
    CHECK(text_of(answer.json()) == numbers);
    CHECK(answer.json().at("id").get<std::int64_t>() == 9223372036854775807);
}

TEST_CASE("an id comes back as it was, with its type") {
    ReverseProxy proxy(kDemoServer);
    McpClient client = proxy.client();
    client.initialize();
    for (const char* id : {"7", R"("7")", R"("\u00e4\"\\")", "-1", "0", R"("")"}) {
        const HttpResponse answer = client.post(R"({"jsonrpc":"2.0","id":)" + std::string(id) +
                                                R"(,"method":"tools/list"})");
        CHECK(answer.status == 200);
        CHECK(answer.json().at("id") == Json::parse(id));
    }
}

TEST_CASE("ping is answered by the proxy itself") {
    ReverseProxy proxy(kDemoServer);
    McpClient client = proxy.client();
    client.initialize();
    const int before = requests_served(client);
    CHECK(client.ask("ping").at("result") == Json::object());
    CHECK(requests_served(client) == before + 1);
}

TEST_CASE("a server's error reaches the client as it is, with status 200") {
    ReverseProxy proxy(kDemoServer);
    McpClient client = proxy.client();
    client.initialize();
    Messages answer = client.begin("resources/read", {{"uri", "demo://nothing"}});
    CHECK(answer.head().status == 200);
    const Json error = answer.response().at("error");
    CHECK(error.at("code") == -32002);
    CHECK(error.at("data") == Json({{"uri", "demo://nothing"}}));
}

TEST_CASE("health and metrics answer on the same address") {
    ReverseProxy proxy(kDemoServer);
    McpClient client = proxy.client();
    client.initialize();
    const HttpResponse health = proxy.page("/health");
    CHECK(health.status == 200);
    CHECK(health.json().at("status") == "ok");
    const HttpResponse metrics = proxy.page("/metrics");
    CHECK(metrics.status == 200);
    CHECK(metrics.body.find("\nshadowcat_sessions 1\n") != std::string::npos);
}
