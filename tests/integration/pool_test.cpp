// SPDX-License-Identifier: Apache-2.0
// Pools of several transports: who serves whom, who waits, what is kept ready and what is replaced.
#include "upstreams.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>

using namespace integration;

namespace {

const std::string kDemo = "shadowcat-demo-server";
const std::string kFake = "fake-server";

/// A process pool first, then a server behind a URL.
class MixedPool {
public:
    MixedPool(const std::string& primary_pool, const std::string& secondary_pool)
        : proxy(pool_of(stdio_upstream("primary", {kDemoServer}, {"pool: " + primary_pool}) +
                        http_upstream("secondary", server.url(), {"pool: " + secondary_pool}))) {}

    /// Opens a session and gives the name of who serves it.
    std::string open() {
        clients.push_back(std::make_unique<McpClient>(proxy.port()));
        return clients.back()->initialize().at("serverInfo").at("name");
    }

    FakeHttpServer server{{"json"}};
    ReverseProxy proxy;
    std::vector<std::unique_ptr<McpClient>> clients;
};

/// One demo server at a time.
ReverseProxy narrow(const std::string& pool) {
    return pool_of(stdio_upstream("primary", {kDemoServer}, {"pool: " + pool}));
}

std::size_t waiting(const ReverseProxy& proxy, const char* what) {
    return upstream_page(proxy, "primary").at(what).at("waiting").get<std::size_t>();
}

double recycled(const ReverseProxy& proxy, const std::string& reason) {
    return metric(proxy, "shadowcat_upstream_links_recycled_total{upstream=\"primary\",reason=\"" +
                             reason + "\"}");
}

bool lists_tools(McpClient& client) { return client.ask("tools/list").contains("result"); }

}  // namespace

TEST_CASE("failover: the first serves all until it is full, then the second") {
    MixedPool pool("{ strategy: failover, max: 2 }", "{ strategy: failover }");
    CHECK(pool.open() == kDemo);
    CHECK(pool.open() == kDemo);
    CHECK(pool.open() == kFake);
    pool.clients[0]->end();
    CHECK(eventually([&] { return upstream_page(pool.proxy, "primary").at("sessions") == 1; }));
    CHECK(eventually(
        [&] { return upstream_page(pool.proxy, "primary").at("links").at("used") == 1; }));
    CHECK(pool.open() == kDemo);
}

TEST_CASE("weighted: three of four sessions go where the weight is three") {
    MixedPool pool("{ strategy: weighted, weight: 1 }", "{ strategy: weighted, weight: 3 }");
    std::map<std::string, int> served;
    for (int i = 0; i < 40; ++i)
        ++served[pool.open()];
    CHECK(served[kDemo] == 10);
    CHECK(served[kFake] == 30);
}

TEST_CASE("least_busy: new sessions go where there are fewest") {
    MixedPool pool("{ strategy: least_busy }", "{ strategy: least_busy }");
    std::vector<std::string> served;
    for (int i = 0; i < 6; ++i)
        served.push_back(pool.open());
    CHECK(std::ranges::count(served, kDemo) == 3);
    for (std::size_t i = 0; i < served.size(); ++i)
        if (served[i] == kDemo) pool.clients[i]->end();
    REQUIRE(eventually([&] { return upstream_page(pool.proxy, "primary").at("sessions") == 0; }));
    for (int i = 0; i < 3; ++i)
        CHECK(pool.open() == kDemo);
}

TEST_CASE("a session beyond pool.max waits, and has its turn when another ends") {
    ReverseProxy proxy = narrow("{ max: 1 }");
    McpClient first = proxy.client(), second = proxy.client();
    first.initialize();
    Messages turn = second.begin("initialize", initialize_params());
    REQUIRE(eventually([&] { return waiting(proxy, "links") == 1; }));
    const auto before = servers_of(proxy);
    REQUIRE(before.size() == 1);
    CHECK(first.end().status == 200);
    CHECK(turn.response().contains("result"));
    CHECK(turn.head().status == 200);
    CHECK(waiting(proxy, "links") == 0);
    const auto after = servers_of(proxy);
    CHECK(std::ranges::find(after, before[0]) == after.end());
}

TEST_CASE("who waits too long gets 503, when to come back, and the id of the request") {
    ReverseProxy proxy = narrow("{ max: 1, wait_timeout_secs: 1 }");
    McpClient first = proxy.client(), second = proxy.client();
    first.initialize();
    Messages late = second.begin("initialize", initialize_params());
    CHECK(late.head().status == 503);
    CHECK_FALSE(late.head().header("retry-after").empty());
    const Json body = late.head().json();
    CHECK(body.at("id") == second.last_id());
    CHECK(body.at("error").at("data").at("reason") == "unavailable");
    CHECK(body.at("error").at("message") ==
          "all 1 links of upstream 'primary' are in use, for longer than 1 s");
    CHECK(lists_tools(first));
}

TEST_CASE("when the line is full the next is refused, and who stands in it still waits") {
    ReverseProxy proxy = narrow("{ max: 1, max_waiting: 1, wait_timeout_secs: 600 }");
    McpClient first = proxy.client(), second = proxy.client(), third = proxy.client();
    first.initialize();
    Messages turn = second.begin("initialize", initialize_params());
    REQUIRE(eventually([&] { return waiting(proxy, "links") == 1; }));
    Messages refused = third.begin("initialize", initialize_params());
    CHECK(refused.head().status == 503);
    CHECK_FALSE(refused.head().header("retry-after").empty());
    CHECK(refused.head().json().at("id") == third.last_id());
    CHECK(waiting(proxy, "links") == 1);
    first.end();
    CHECK(turn.response().contains("result"));
}

TEST_CASE("who came first is served first") {
    ReverseProxy proxy = narrow("{ max: 1, wait_timeout_secs: 600 }");
    McpClient first = proxy.client(), second = proxy.client(), third = proxy.client();
    first.initialize();
    Messages next = second.begin("initialize", initialize_params());
    REQUIRE(eventually([&] { return waiting(proxy, "links") == 1; }));
    Messages last = third.begin("initialize", initialize_params());
    REQUIRE(eventually([&] { return waiting(proxy, "links") == 2; }));
    first.end();
    CHECK(next.response().contains("result"));
    CHECK(waiting(proxy, "links") == 1);
    second.adopt(next.head().header("mcp-session-id"), "2025-11-25");
    second.end();
    CHECK(last.response().contains("result"));
}

TEST_CASE("calls beyond max_inflight wait for each other, and not for ever") {
    ReverseProxy proxy = narrow("{ max_inflight: 1, max_waiting: 1, wait_timeout_secs: 600 }");
    McpClient first = proxy.client(), second = proxy.client(), third = proxy.client();
    for (McpClient* each : {&first, &second, &third})
        each->initialize();
    Messages slow = first.begin_tool("slow", {{"steps", 1000}, {"delay_ms", 60}}, "t");
    const Json slow_id = first.last_id();
    slow.wait_for("notifications/progress");
    Messages next = second.begin_tool("echo", {{"message", "my turn"}});
    REQUIRE(eventually([&] { return waiting(proxy, "calls") == 1; }));
    Messages refused = third.begin_tool("echo", {{"message", "no room"}});
    CHECK(refused.head().status == 503);
    CHECK(refused.head().json().at("id") == third.last_id());
    first.notify("notifications/cancelled", {{"requestId", slow_id}});
    CHECK(text_of(next.response()) == "my turn");
    CHECK(text_of(third.call_tool("echo", {{"message", "now"}})) == "now");
}

TEST_CASE("spares run before anybody comes, serve who comes, and are replaced") {
    ReverseProxy proxy = narrow("{ min_idle: 2 }");
    REQUIRE(eventually([&] { return upstream_page(proxy, "primary").at("spares") == 2; }));
    const auto spares = servers_of(proxy);
    REQUIRE(spares.size() == 2);
    std::set<int> seen;
    for (int i = 0; i < 2; ++i) {
        McpClient client = proxy.client();
        client.initialize();
        seen.insert(pid_of(client));
    }
    CHECK(seen == std::set<int>(spares.begin(), spares.end()));
    CHECK(eventually([&] {
        return upstream_page(proxy, "primary").at("spares") == 2 && servers_of(proxy).size() == 4;
    }));
}

TEST_CASE("no process serves a second session") {
    ReverseProxy proxy = narrow("{ min_idle: 1, max: 3 }");
    std::set<int> seen;
    for (int i = 0; i < 10; ++i) {
        McpClient client = proxy.client();
        client.initialize();
        CHECK(text_of(client.call_tool("bump", {{"by", 1}})) == "1");
        CHECK(seen.insert(pid_of(client)).second);
        client.end();
    }
}

TEST_CASE("a process is replaced after max_requests and the client notices nothing") {
    ReverseProxy proxy = narrow("{ max_requests: 3 }");
    McpClient client = proxy.client();
    client.initialize();
    std::set<pid_t> seen;
    for (int i = 0; i < 10; ++i) {
        CHECK(lists_tools(client));
        for (const pid_t pid : servers_of(proxy))
            seen.insert(pid);
    }
    CHECK(seen.size() >= 3);
    CHECK(recycled(proxy, "requests") >= 2);
    CHECK(eventually([&] { return servers_of(proxy).size() == 1; }));
}

TEST_CASE("a process that keeps state for its client is not replaced") {
    ReverseProxy proxy = narrow("{ max_requests: 2 }");
    McpClient client = proxy.client();
    client.initialize();
    for (int i = 1; i <= 8; ++i)
        CHECK(text_of(client.call_tool("bump", {{"by", 1}})) == std::to_string(i));
}

TEST_CASE("a process is replaced at max_age between two calls") {
    ReverseProxy proxy = narrow("{ max_age_secs: 1 }");
    McpClient client = proxy.client();
    client.initialize();
    const auto first = servers_of(proxy);
    CHECK(eventually([&] {
        CHECK(lists_tools(client));
        const auto now = servers_of(proxy);
        return now.size() == 1 && now != first;
    }));
    CHECK(recycled(proxy, "age") >= 1);
}

TEST_CASE("an idle process ends, and the next request has another") {
    ReverseProxy proxy = narrow("{ idle_timeout_secs: 1 }");
    McpClient client = proxy.client();
    client.initialize();
    CHECK(lists_tools(client));
    CHECK(eventually([&] { return servers_of(proxy).empty(); }));
    CHECK(recycled(proxy, "idle") == 1);
    CHECK(lists_tools(client));
}

TEST_CASE("an idle process that kept state takes its session along") {
    ReverseProxy proxy = narrow("{ idle_timeout_secs: 1 }");
    McpClient client = proxy.client();
    client.initialize();
    client.call_tool("bump");
    CHECK(eventually([&] { return servers_of(proxy).empty(); }));
    CHECK(client.begin("tools/list").head().status == 404);
}

TEST_CASE("a process that grows beyond max_memory_bytes is replaced") {
    ReverseProxy proxy = pool_of(stdio_upstream("primary", {kFakeServer, "grow", "8"},
                                                {"pool: { max_memory_bytes: 67108864 }"}));
    McpClient client = proxy.client();
    client.initialize();
    const auto first = servers_of(proxy);
    CHECK(eventually([&] {
        CHECK(lists_tools(client));
        return servers_of(proxy) != first;
    }));
    CHECK(recycled(proxy, "memory") >= 1);
}
