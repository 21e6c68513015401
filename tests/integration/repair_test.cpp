// SPDX-License-Identifier: Apache-2.0
// Servers that die or forget: a session goes on where nothing is lost by that, else it is over.
#include "upstreams.hpp"

#include <doctest/doctest.h>

#include <csignal>

using namespace integration;

namespace {

const Json kCounter = {{"uri", "demo://counter"}};

ReverseProxy demo_with(const std::string& repair) {
    return pool_of(stdio_upstream("primary", {kDemoServer}),
                   {"session: { repair: " + repair + " }"});
}

/// SIGKILL, and waits until the proxy has seen it.
void kill_server(ReverseProxy& proxy) {
    const auto servers = servers_of(proxy);
    REQUIRE(servers.size() == 1);
    ::kill(servers[0], SIGKILL);
    REQUIRE(eventually([&] {
        return metric(proxy, "shadowcat_sessions") == 0 ||
               proxy.process().logged({"upstream lost"});
    }));
}

bool lists_tools_again(McpClient& client) { return client.ask("tools/list").contains("result"); }

/// 404 on anything, and a new session works.
void check_lost(ReverseProxy& proxy, McpClient& client) {
    Messages late = client.begin("tools/list");
    CHECK(late.head().status == 404);
    CHECK(late.response().at("id") == client.last_id());
    McpClient again = proxy.client();
    again.initialize();
    CHECK(lists_tools_again(again));
}

/// Two clients of a server behind a URL, of which the second makes it forget both.
class Forgetful {
public:
    explicit Forgetful(const std::string& repair)
        : proxy(pool_of(http_upstream("primary", server.url()),
                        {"session: { repair: " + repair + " }"})),
          reader(proxy.client()),
          caller(proxy.client()) {
        reader.initialize();
        caller.initialize();
        CHECK(lists_tools_again(reader));
        caller.call_tool("restart");
    }

    FakeHttpServer server{{"session"}};
    ReverseProxy proxy;
    McpClient reader, caller;
};

}  // namespace

TEST_CASE("a session that only read outlives its server, with subscriptions and log level") {
    ReverseProxy proxy = demo_with("when_safe");
    McpClient client = proxy.client();
    client.initialize();
    Messages news = client.listen();
    REQUIRE(news.head().status == 200);
    CHECK(client.ask("resources/subscribe", kCounter).contains("result"));
    CHECK(client.ask("logging/setLevel", {{"level", "error"}}).contains("result"));
    CHECK(lists_tools_again(client));
    const auto before = servers_of(proxy);
    kill_server(proxy);
    CHECK(lists_tools_again(client));
    CHECK(servers_of(proxy) != before);
    CHECK(text_of(client.call_tool("log", {{"level", "info"}})) == "below the level that was set");
    client.call_tool("bump");
    CHECK(news.wait_for("notifications/resources/updated").at("params") == kCounter);
    CHECK(metric(proxy, "shadowcat_sessions_repaired_total{upstream=\"primary\"}") == 1);
}

TEST_CASE("a session that called a tool is lost with its server, and a new one works") {
    ReverseProxy proxy = demo_with("when_safe");
    McpClient client = proxy.client();
    client.initialize();
    CHECK(text_of(client.call_tool("bump", {{"by", 3}})) == "3");
    kill_server(proxy);
    check_lost(proxy, client);
}

TEST_CASE("a stream of a lost session ends") {
    ReverseProxy proxy = demo_with("when_safe");
    McpClient client = proxy.client();
    client.initialize();
    client.call_tool("bump");
    Messages news = client.listen();
    REQUIRE(news.head().status == 200);
    kill_server(proxy);
    while (news.next()) {
    }
    CHECK(client.listen().head().status == 404);
}

TEST_CASE("repair always: the session goes on although the server's state is gone") {
    ReverseProxy proxy = demo_with("always");
    McpClient client = proxy.client();
    client.initialize();
    CHECK(text_of(client.call_tool("bump", {{"by", 3}})) == "3");
    kill_server(proxy);
    CHECK(text_of(client.call_tool("bump", {{"by", 2}})) == "2");
}

TEST_CASE("repair never: the session is over even if it only read") {
    ReverseProxy proxy = demo_with("never");
    McpClient client = proxy.client();
    client.initialize();
    CHECK(lists_tools_again(client));
    kill_server(proxy);
    check_lost(proxy, client);
}

TEST_CASE("a call under way when its server is killed fails, and is not made to look well") {
    ReverseProxy proxy = demo_with("always");
    McpClient client = proxy.client();
    client.initialize();
    Messages call = client.begin_tool("slow", {{"steps", 1000}, {"delay_ms", 60}}, "t");
    call.wait_for("notifications/progress");
    kill_server(proxy);
    const Json error = call.response().at("error");
    CHECK(error.at("data").at("reason") == "crashed");
    CHECK(lists_tools_again(client));
}

TEST_CASE(
    "a server behind a URL that forgot its sessions: who only read goes on, others begin anew") {
    Forgetful forgetful("when_safe");
    CHECK(lists_tools_again(forgetful.reader));
    check_lost(forgetful.proxy, forgetful.caller);
}

TEST_CASE("a server behind a URL that forgot its sessions, repair always: all go on") {
    Forgetful forgetful("always");
    CHECK(lists_tools_again(forgetful.reader));
    CHECK(text_of(forgetful.caller.call_tool("fake")) == "fake");
}

TEST_CASE("a server behind a URL that forgot its sessions, repair never: all begin anew") {
    Forgetful forgetful("never");
    check_lost(forgetful.proxy, forgetful.reader);
    check_lost(forgetful.proxy, forgetful.caller);
}
