// SPDX-License-Identifier: Apache-2.0
// Servers behind a URL: their forms of answers, their sessions, and what they see of the client.
#include "harness/proxy_fixture.hpp"

#include <doctest/doctest.h>

using namespace integration;

TEST_CASE("a server that answers with JSON") {
    FakeHttpServer server({"json"});
    ReverseProxy proxy(server.url());
    McpClient client = proxy.client();
    CHECK(client.initialize().at("serverInfo").at("name") == "fake-server");
    Messages call = client.begin_tool("fake");
    CHECK(text_of(call.response()) == "fake");
    CHECK(call.head().header("content-type") == "application/json");
}

TEST_CASE("a server that answers with an event stream, its progress first") {
    FakeHttpServer server({"sse"});
    ReverseProxy proxy(server.url());
    McpClient client = proxy.client();
    client.initialize();
    Messages call = client.begin_tool("fake", Json::object(), "the token");
    CHECK(text_of(call.response()) == "fake");
    REQUIRE(call.heard.size() == 2);
    for (int step = 1; step <= 2; ++step) {
        const Json params = call.heard[static_cast<std::size_t>(step - 1)].at("params");
        CHECK(params.at("progressToken") == "the token");
        CHECK(params.at("progress") == step);
    }
}

TEST_CASE("a server whose answers end with the connection") {
    FakeHttpServer server({"close"});
    ReverseProxy proxy(server.url());
    McpClient client = proxy.client();
    client.initialize();
    for (int i = 0; i < 3; ++i)
        CHECK(text_of(client.call_tool("fake")) == "fake");
}

TEST_CASE("a server's connection is used again") {
    FakeHttpServer server({"json"});
    ReverseProxy proxy(server.url());
    McpClient client = proxy.client();
    client.initialize();
    for (int i = 0; i < 10; ++i)
        CHECK(text_of(client.call_tool("fake")) == "fake");
    const std::string log = server.process().log();
    std::size_t opened = 0;
    for (auto at = log.find("connection opened"); at != std::string::npos;
         at = log.find("connection opened", at + 1))
        ++opened;
    CHECK(opened <= 3);
}

TEST_CASE("each client session is a session of the server, with its stream and its end") {
    FakeHttpServer server({"session"});
    ReverseProxy proxy(server.url());
    McpClient client = proxy.client();
    client.initialize();
    CHECK(client.session() != "fake-session-1");
    Messages news = client.listen();
    const Json note = news.wait_for("notifications/message");
    CHECK(note.at("params").at("data") == "fake-session-1");
    McpClient other = proxy.client();
    other.initialize();
    CHECK(other.listen().wait_for("notifications/message").at("params").at("data") ==
          "fake-session-2");
    CHECK(client.end().status == 200);
    CHECK_FALSE(server.process().wait_for_log({"deleted session=fake-session-1"}).empty());
    CHECK(text_of(other.call_tool("fake")) == "fake");
}

TEST_CASE("a session that the server has ended is over for the client too") {
    FakeHttpServer server({"session"});
    ReverseProxy proxy(server.url());
    McpClient client = proxy.client();
    client.initialize();
    CHECK(text_of(client.call_tool("expire")) == "fake");
    Messages late = client.begin_tool("fake");
    CHECK(late.head().status == 404);
    CHECK(late.response().at("id") == client.last_id());
    CHECK(eventually([&] { return client.begin("tools/list").head().status == 404; }));
    McpClient again = proxy.client();
    again.initialize();
    CHECK(text_of(again.call_tool("fake")) == "fake");
}

TEST_CASE("no header of the client reaches the server") {
    FakeHttpServer server({"session"});
    ReverseProxy proxy(server.url());
    McpClient client = proxy.client();
    client.initialize();
    Headers headers = client.headers();
    for (const char* name : {"Authorization", "Cookie", "X-Api-Key", "X-Forwarded-For", "Forwarded",
                             "Traceparent", "User-Agent", "Proxy-Authorization"}) {
        headers.emplace_back(name, "secret-of-the-client");
    }
    headers.emplace_back("Origin", "http://localhost");
    const std::string body =
        R"({"jsonrpc":"2.0","id":77,"method":"tools/call","params":{"name":"marker"}})";
    CHECK(HttpClient(proxy.port()).ask(mcp_post(body, headers)).status == 200);
    const std::string seen = server.process().log();
    CHECK(seen.find("POST /mcp") != std::string::npos);
    CHECK(seen.find("secret-of-the-client") == std::string::npos);
    CHECK(seen.find("Origin") == std::string::npos);
    CHECK(seen.find(client.session()) == std::string::npos);
    CHECK(seen.find("Mcp-Session-Id: fake-session-1") != std::string::npos);
}

TEST_CASE("headers that the configuration names do reach the server") {
    FakeHttpServer server({"json"});
    const std::string yaml =
        "reverse_proxy:\n  upstreams:\n    - name: primary\n      transport: http\n      url: " +
        server.url() + "\n      headers: { Authorization: \"Bearer ${TOKEN}\" }\n";
    LaunchOptions options;
    options.environment = {{"TOKEN", "from-the-environment"}};
    ReverseProxy proxy = ReverseProxy::with_config(yaml, options);
    proxy.client().initialize();
    CHECK(server.process().logged({"Authorization: Bearer from-the-environment"}));
    CHECK(proxy.process().log().find("from-the-environment") == std::string::npos);
}
