// SPDX-License-Identifier: Apache-2.0
// Upstreams that fail and come back: health, circuit breaker, pauses between starts, retries.
#include "upstreams.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <memory>

using namespace integration;

namespace {

const std::string kPing =
    "health: { checker: mcp_ping, interval_secs: 1, timeout_secs: 1, healthy_after: 1, "
    "unhealthy_after: 1 }";

bool still_lists_tools(McpClient& client) { return client.ask("tools/list").contains("result"); }

int status_of(const ReverseProxy& proxy, const char* page) { return proxy.admin(page).status; }

void end(FakeHttpServer& server) {
    server.process().signal(SIGKILL);
    server.process().wait_exit();
}

/// Two servers behind URLs that take turns.
class Pair {
public:
    explicit Pair(const std::vector<std::string>& mode, const Keys& keys = {})
        : first(std::make_unique<FakeHttpServer>(mode)),
          second(std::make_unique<FakeHttpServer>(mode)),
          proxy(pool_of(http_upstream("first", first->url(), keys) +
                        http_upstream("second", second->url(), keys))) {}

    std::unique_ptr<FakeHttpServer> first, second;
    ReverseProxy proxy;
};

/// One server that the circuit breaker watches.
class Watched {
public:
    explicit Watched(const std::vector<std::string>& mode, const std::string& open_secs)
        : server(std::make_unique<FakeHttpServer>(mode)),
          proxy(pool_of(
              http_upstream("primary", server->url(),
                            {"circuit_breaker: { failures: 3, open_secs: " + open_secs + " }"}))) {}

    /// What the gauge shows, whose clock is the breaker's own; the page's is a little ahead.
    bool becomes_half_open() const {
        return eventually([this] {
            return metric(proxy, "shadowcat_upstream_breaker_state{upstream=\"primary\"}") == 1;
        });
    }
    std::string state() const { return upstream_page(proxy, "primary").at("state"); }

    std::unique_ptr<FakeHttpServer> server;
    ReverseProxy proxy;
};

}  // namespace

TEST_CASE("an upstream that fails its checks gets no sessions until it passes them again") {
    FakeHttpServer first({"json"});
    ReverseProxy proxy =
        pool_of(http_upstream("first", first.url(), {"pool: { strategy: failover }", kPing}) +
                stdio_upstream("second", {kDemoServer}));
    const auto served_by = [&] {
        McpClient client = proxy.client();
        return client.initialize().at("serverInfo").at("name").get<std::string>();
    };
    CHECK(served_by() == "fake-server");
    first.process().signal(SIGSTOP);
    REQUIRE(upstream_becomes(proxy, "first", "unhealthy"));
    CHECK(served_by() == "shadowcat-demo-server");
    CHECK(status_of(proxy, "/readyz") == 200);
    CHECK(metric(proxy, "shadowcat_upstream_healthy{upstream=\"first\"}") == 0);
    first.process().signal(SIGCONT);
    REQUIRE(upstream_becomes(proxy, "first", "healthy"));
    CHECK(served_by() == "fake-server");
}

TEST_CASE("readyz is 503 while no upstream is usable, and new sessions are told so") {
    FakeHttpServer server({"json"});
    ReverseProxy proxy = pool_of(http_upstream("primary", server.url(), {kPing}));
    CHECK(status_of(proxy, "/readyz") == 200);
    server.process().signal(SIGSTOP);
    REQUIRE(eventually([&] { return status_of(proxy, "/readyz") == 503; }));
    CHECK(status_of(proxy, "/healthz") == 200);
    McpClient client = proxy.client();
    Messages refused = client.begin("initialize", initialize_params());
    CHECK(refused.head().status == 503);
    CHECK_FALSE(refused.head().header("retry-after").empty());
    CHECK(error_of(refused).starts_with("no upstream can serve: primary "));
    server.process().signal(SIGCONT);
    CHECK(eventually([&] { return status_of(proxy, "/readyz") == 200; }));
    CHECK(proxy.client().initialize().contains("serverInfo"));
}

TEST_CASE("an upstream that died is back in turn once it runs again") {
    Pair pair({"json"}, {kPing});
    const std::uint16_t port = pair.first->port();
    end(*pair.first);
    REQUIRE(upstream_becomes(pair.proxy, "first", "unhealthy"));
    for (int i = 0; i < 4; ++i)
        pair.proxy.client().initialize();
    pair.first = std::make_unique<FakeHttpServer>(std::vector<std::string>{"json"}, port);
    REQUIRE(upstream_becomes(pair.proxy, "first", "healthy"));
    for (int i = 0; i < 4; ++i) {
        McpClient client = pair.proxy.client();
        client.initialize();
        CHECK(still_lists_tools(client));
    }
    CHECK(times_asked(*pair.first, "tools/list") == 2);
}

TEST_CASE("after failures in a row the breaker answers, and the server is left alone") {
    Watched watched({"status", "503"}, "600");
    McpClient client = watched.proxy.client();
    client.initialize();
    CHECK(watched.state() == "healthy");
    for (int i = 0; i < 3; ++i)
        CHECK(client.begin_tool("fake").head().status / 100 == 5);
    CHECK(times_asked(*watched.server, "tools/call") == 3);
    CHECK(watched.state() == "open");
    Messages refused = client.begin_tool("fake");
    CHECK(refused.head().status == 503);
    CHECK_FALSE(refused.head().header("retry-after").empty());
    CHECK(refused.head().json().at("id") == client.last_id());
    CHECK(error_of(refused).starts_with("the circuit breaker of upstream 'primary' is open"));
    CHECK(times_asked(*watched.server, "tools/call") == 3);
    CHECK(status_of(watched.proxy, "/readyz") == 503);
    CHECK(metric(watched.proxy,
                 "shadowcat_upstream_breaker_transitions_total{upstream=\"primary\","
                 "to=\"open\"}") == 1);
}

TEST_CASE("half open, the breaker lets one call through, whose success closes it") {
    Watched watched({"status", "503"}, "1");
    McpClient client = watched.proxy.client(), other = watched.proxy.client();
    client.initialize();
    other.initialize();
    for (int i = 0; i < 3; ++i)
        client.begin_tool("fake").head();
    const std::uint16_t port = watched.server->port();
    end(*watched.server);
    const std::vector<std::string> slow = {"slow", "600000"};
    watched.server = std::make_unique<FakeHttpServer>(slow, port);
    REQUIRE(watched.becomes_half_open());
    CHECK(watched.state() == "half_open");
    Messages trial = client.begin_tool("fake");
    REQUIRE(eventually([&] { return times_asked(*watched.server, "tools/call") == 1; }));
    Messages refused = other.begin("tools/list");
    CHECK(refused.head().status == 503);
    CHECK(times_asked(*watched.server, "tools/list") == 0);
    client.notify("notifications/cancelled", {{"requestId", client.last_id()}});
    CHECK(eventually([&] { return other.begin("tools/list").head().status == 200; }));
    CHECK(watched.state() == "healthy");
}

TEST_CASE("half open, a call that fails opens the breaker again") {
    Watched watched({"status", "503"}, "1");
    McpClient client = watched.proxy.client();
    client.initialize();
    for (int i = 0; i < 3; ++i)
        client.begin_tool("fake").head();
    REQUIRE(watched.becomes_half_open());
    CHECK(watched.state() == "half_open");
    CHECK(client.begin_tool("fake").head().status / 100 == 5);
    CHECK(times_asked(*watched.server, "tools/call") == 4);
    Messages refused = client.begin_tool("fake");
    CHECK(error_of(refused).starts_with("the circuit breaker of upstream 'primary' is open"));
    CHECK(times_asked(*watched.server, "tools/call") == 4);
    CHECK(eventually([&] { return client.begin("tools/list").head().status == 200; }));
    CHECK(watched.state() == "healthy");
}

TEST_CASE("a command that exits at once is not started again and again") {
    ReverseProxy proxy =
        pool_of(stdio_upstream("primary", {kFakeServer, "exit-at-once"},
                               {"pool: { min_idle: 2, backoff_ms: 3600000, max_backoff_ms: "
                                "3600000, wait_timeout_secs: 1 }"}));
    for (int i = 0; i < 20; ++i) {
        McpClient client = proxy.client();
        Messages refused = client.begin("initialize", initialize_params());
        CHECK(refused.head().status / 100 == 5);
        CHECK(refused.head().json().at("id") == client.last_id());
    }
    const double starts =
        metric(proxy, "shadowcat_upstream_start_failures_total{upstream=\"primary\"}");
    CHECK(starts >= 1);
    CHECK(starts <= 4);
    CHECK(upstream_page(proxy, "primary").at("paused_for_ms") > 0);
}

TEST_CASE("one of two servers is killed: reading never fails") {
    Pair pair({"json"});
    std::vector<std::unique_ptr<McpClient>> clients;
    for (int i = 0; i < 4; ++i) {
        clients.push_back(std::make_unique<McpClient>(pair.proxy.port()));
        clients.back()->initialize();
    }
    for (int round = 0; round < 5; ++round) {
        if (round == 1) end(*pair.first);
        for (auto& client : clients)
            CHECK(still_lists_tools(*client));
    }
    CHECK(times_asked(*pair.first, "tools/list") == 2);
    for (int i = 0; i < 4; ++i)
        CHECK(pair.proxy.client().initialize().contains("serverInfo"));
}

TEST_CASE("one of two servers is killed while it reads for somebody: the other one answers") {
    Pair pair({"slow", "600000", "tools/list"});
    McpClient client = pair.proxy.client();
    client.initialize();
    Messages list = client.begin("tools/list");
    REQUIRE(eventually([&] {
        return times_asked(*pair.first, "tools/list") + times_asked(*pair.second, "tools/list") ==
               1;
    }));
    const bool first = times_asked(*pair.first, "tools/list") == 1;
    end(first ? *pair.first : *pair.second);
    FakeHttpServer& left = first ? *pair.second : *pair.first;
    CHECK(eventually([&] { return times_asked(left, "tools/list") == 1; }));
}

TEST_CASE("one of two servers is killed while it works: the call fails once and isn't repeated") {
    Pair pair({"slow", "600000"});
    McpClient client = pair.proxy.client();
    client.initialize();
    Messages call = client.begin_tool("fake");
    REQUIRE(eventually([&] {
        return times_asked(*pair.first, "tools/call") + times_asked(*pair.second, "tools/call") ==
               1;
    }));
    const bool first = times_asked(*pair.first, "tools/call") == 1;
    end(first ? *pair.first : *pair.second);
    CHECK(call.head().status == 502);
    CHECK(call.head().json().at("id") == client.last_id());
    FakeHttpServer& left = first ? *pair.second : *pair.first;
    McpClient next = pair.proxy.client();
    next.initialize();
    CHECK(still_lists_tools(next));
    CHECK(times_asked(left, "tools/call") == 0);
    const std::string unsafe = first ? "first" : "second";
    CHECK(metric(pair.proxy,
                 "shadowcat_retries_total{upstream=\"" + unsafe + "\",outcome=\"unsafe\"}") == 1);
}

TEST_CASE("a server that can't be connected to costs nobody a session, however often") {
    Pair pair({"json"}, {"retry: { budget_percent: 1 }"});
    end(*pair.first);
    for (int i = 0; i < 12; ++i)
        CHECK(pair.proxy.client().initialize().contains("serverInfo"));
    CHECK(metric(pair.proxy, "shadowcat_retries_total{upstream=\"first\",outcome=\"retried\"}") ==
          6);
}

TEST_CASE("without a budget nothing is tried again") {
    Pair pair({"json"}, {"retry: { budget_percent: 0 }"});
    McpClient one = pair.proxy.client(), other = pair.proxy.client();
    one.initialize();
    other.initialize();
    end(*pair.first);
    int failed = 0;
    for (McpClient* each : {&one, &other})
        failed += each->begin("tools/list").head().status == 502;
    CHECK(failed == 1);
}
