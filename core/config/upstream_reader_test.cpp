// SPDX-License-Identifier: Apache-2.0
// What upstreams may say, alone and together.
#include "core/config/test_plugins.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::core;
using shadowcat::core::testing::Loading;
using Lines = std::vector<std::string>;

namespace {

/// A configuration with two HTTP upstreams, each with more keys.
std::string two(const std::string& first, const std::string& second) {
    return "reverse_proxy:\n  upstreams:\n"
           "    - { name: a, transport: http, url: 'http://a/', " +
           first +
           " }\n"
           "    - { name: b, transport: http, url: 'http://b/', " +
           second + " }\n";
}

}  // namespace

TEST_CASE("a health checker has the core's keys and its own") {
    const Loading loading(two("health: { checker: mcp_ping, interval_secs: 3, method: tools/list }",
                              "isolation: shared, pool: { max: 4 }"));
    const UpstreamConfig& first = loading.config().upstreams[0];
    REQUIRE(first.health.has_value());
    CHECK(first.health->checker.name == "mcp_ping");
    CHECK(first.health->checker.options == Json{{"method", "tools/list"}});
    CHECK(first.health->interval == std::chrono::seconds(3));
    CHECK(first.health->unhealthy_after == 3);
    CHECK(loading.config().upstreams[1].settings.isolation == Isolation::shared);
    CHECK(loading.config().upstreams[1].settings.pool.max_links == 4);
}

TEST_CASE("health values out of bounds are refused") {
    CHECK(Loading(two("health: { checker: mcp_ping, healthy_after: 0, interval_secs: 0 }", ""))
              .problems()
              .size() == 2);
    CHECK(Loading(two("health: { interval_secs: 1 }", "")).problems() ==
          Lines{"a.yaml:3:53: reverse_proxy.upstreams[0].health.checker: missing required key (How "
                "it is probed: mcp_ping, server_discover, process_alive, tcp_connect, http_get, or "
                "what plugins add)"});
    CHECK(Loading(two("health: { checker: tea_leaves }", "")).problems() ==
          Lines{"a.yaml:3:63: reverse_proxy.upstreams[0].health.checker: no loaded plugin offers "
                "the health checker 'tea_leaves'; offered: mcp_ping"});
}

TEST_CASE("one strategy with its own keys serves the group") {
    const Loading loading(two("pool: { strategy: sticky, replicas: 5 }", "pool: { max: 2 }"));
    CHECK(loading.config().strategy.name == "sticky");
    CHECK(loading.config().strategy.options == Json{{"replicas", 5}});
    const Loading same(
        two("pool: { strategy: sticky }", "pool: { strategy: sticky, replicas: 8 }"));
    CHECK(same.config().strategy.options == Json{{"replicas", 8}});
}

TEST_CASE("upstreams that disagree about the strategy are told of each other") {
    const Lines expected = {
        "a.yaml:4:61: reverse_proxy.upstreams[1].pool.strategy: the upstreams share one strategy, "
        "and reverse_proxy.upstreams[0].pool.strategy is 'sticky' (or has other options): give it "
        "once, or the same everywhere"};
    CHECK(
        Loading(two("pool: { strategy: sticky }", "pool: { strategy: round_robin }")).problems() ==
        expected);
    CHECK(Loading(two("pool: { strategy: sticky }", "pool: { strategy: sticky, replicas: 9 }"))
              .problems() == expected);
}

TEST_CASE("a strategy's keys belong to the upstream that names it") {
    CHECK(
        Loading(two("pool: { replicas: 5 }", "pool: { strategy: dice }")).problems() ==
        Lines{"a.yaml:3:61: reverse_proxy.upstreams[0].pool.replicas: unknown key; known keys: "
              "strategy, max, weight, max_inflight, max_inflight_bytes, max_waiting, "
              "wait_timeout_secs, min_idle, max_starting, max_requests, max_age_secs, "
              "idle_timeout_secs, max_memory_bytes, backoff_ms, max_backoff_ms",
              "a.yaml:4:61: reverse_proxy.upstreams[1].pool.strategy: no loaded plugin offers the "
              "pool strategy 'dice'; offered: round_robin, sticky"});
}

TEST_CASE("two upstreams can't have one name") {
    CHECK(Loading("reverse_proxy:\n  upstreams:\n"
                  "    - { name: a, transport: http, url: x }\n"
                  "    - { name: a, transport: http, url: x }\n")
              .problems() ==
          Lines{"a.yaml:4:9: reverse_proxy.upstreams[1].name: the name 'a' is already taken by "
                "reverse_proxy.upstreams[0]"});
}

TEST_CASE("names that look like numbers are still names, and have to exist") {
    CHECK(
        Loading("reverse_proxy: { upstreams: [{ name: a, transport: 3 }] }\ninterceptors: [{ type: "
                "3 }]\nmetrics: [{ sink: true }]\n")
            .problems() ==
        Lines{"a.yaml:1:41: reverse_proxy.upstreams[0].transport: no loaded plugin offers the "
              "connector '3'; offered: http, stdio",
              "a.yaml:2:18: interceptors[0].type: no loaded plugin offers the interceptor '3'; "
              "offered: message_log",
              "a.yaml:3:13: metrics[0].sink: no loaded plugin offers the metrics sink 'true'; "
              "offered: prometheus"});
    CHECK(Loading(two("pool: { strategy: 3 }", "health: { checker: 1.0 }")).problems().size() == 2);
}

TEST_CASE("entries that are no mappings are refused, not misread") {
    CHECK(Loading("reverse_proxy: { upstreams: [x, 3, ~] }\n").problems().size() >= 3);
    CHECK(
        Loading("reverse_proxy: { upstreams: [{name: [], transport: {}, pool: 3, health: []}] }\n")
            .problems()
            .size() >= 4);
}
