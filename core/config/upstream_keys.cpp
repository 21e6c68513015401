// SPDX-License-Identifier: Apache-2.0
// The keys of an upstream, by what it is made of.
#include "core/config/upstream_keys.hpp"

#include "shadowcat/sdk/connector.hpp"
#include "shadowcat/sdk/health_checker.hpp"
#include "shadowcat/sdk/pool_strategy.hpp"

namespace shadowcat::core {

using namespace sdk;  // the field functions: string, integer, …

namespace {

constexpr int kDay = 86400;

void add_capacity_keys(Schema& pool) {
    pool.add(
        integer("weight", "Its share with the strategy weighted").defaults_to(1).between(1, 1000));
    pool.add(integer("max_inflight", "Most requests at a time; more wait; 0: no bound")
                 .defaults_to(0)
                 .between(0, 1'000'000));
    pool.add(
        integer("max_inflight_bytes", "Most bytes of requests under way; more wait; 0: no bound")
            .defaults_to(0)
            .between(0, std::int64_t{1} << 40));
    pool.add(integer("max_waiting",
                     "Most who wait for a connection, and for a request's turn; more get 503")
                 .defaults_to(100)
                 .between(0, 1'000'000));
    pool.add(integer("wait_timeout_secs", "Longest such wait; then 503")
                 .defaults_to(10)
                 .between(1, kDay));
}

void add_life_keys(Schema& pool) {
    pool.add(integer("min_idle", "Spare connections (processes) kept ready for new sessions")
                 .defaults_to(0)
                 .between(0, 10'000));
    pool.add(integer("max_starting", "Most connections being opened at a time")
                 .defaults_to(4)
                 .between(1, 10'000));
    pool.add(integer("max_requests", "Requests after which a connection is replaced; 0: no bound")
                 .defaults_to(0)
                 .between(0, 1'000'000'000));
    pool.add(integer("max_age_secs", "Age at which a connection is replaced; 0: no bound")
                 .defaults_to(0)
                 .between(0, 365 * kDay));
    pool.add(integer("idle_timeout_secs",
                     "Seconds without a request after which a connection is closed; 0: no bound")
                 .defaults_to(0)
                 .between(0, 365 * kDay));
    pool.add(
        integer("max_memory_bytes",
                "Resident memory at which a process (with its children) is replaced; 0: no bound")
            .defaults_to(0)
            .between(0, std::int64_t{1} << 50));
    pool.add(integer("backoff_ms",
                     "Milliseconds before the next start after one that failed or crashed early, "
                     "about (jittered); doubles with each further one")
                 .defaults_to(200)
                 .between(1, 3'600'000));
    pool.add(
        integer("max_backoff_ms", "Longest such pause").defaults_to(30'000).between(1, 3'600'000));
}

Schema core_retry_schema() {
    Schema retry;
    retry.add(integer("max_attempts", "How often a request is sent in all; 1: never again")
                  .defaults_to(2)
                  .between(1, 10));
    retry.add(integer("budget_percent",
                      "Most retries, in percent of the requests of the last ten seconds (three are "
                      "always allowed; what never reached this upstream and goes to another is not "
                      "counted); 0: none")
                  .defaults_to(20)
                  .between(0, 100));
    retry.add(integer("backoff_ms",
                      "Milliseconds before the second attempt, about (jittered); "
                      "doubles with each further one")
                  .defaults_to(25)
                  .between(1, 60'000));
    retry.add(
        integer("max_backoff_ms", "Longest such pause").defaults_to(1000).between(1, 600'000));
    retry.add(boolean("trust_annotations",
                      "Believe the server that a tool is read-only or idempotent, and repeat calls "
                      "of such tools also when they may have reached it")
                  .defaults_to(false));
    return retry;
}

Schema core_breaker_schema() {
    Schema breaker;
    breaker.add(integer("failures", "Failed requests in a row that open it")
                    .defaults_to(5)
                    .between(1, 10'000));
    breaker.add(integer("open_secs", "Seconds before one request may try again")
                    .defaults_to(30)
                    .between(1, kDay));
    return breaker;
}

Schema core_outlier_schema() {
    Schema outlier;
    outlier.add(integer("failure_percent",
                        "Failed requests of an interval, in percent, that are too "
                        "many")
                    .defaults_to(50)
                    .between(1, 100));
    outlier.add(integer("min_requests", "Fewer requests in an interval are not judged")
                    .defaults_to(10)
                    .between(1, 1'000'000));
    outlier.add(
        integer("interval_secs", "Seconds of one interval").defaults_to(10).between(1, kDay));
    outlier.add(integer("ejection_secs",
                        "Seconds without requests, times how often it was ejected in a row")
                    .defaults_to(30)
                    .between(1, kDay));
    outlier.add(integer("max_ejected_percent", "Of the upstreams, how many may be out at a time")
                    .defaults_to(50)
                    .between(0, 100));
    return outlier;
}

Schema upstream_with(Schema pool, Schema health) {
    Schema upstream;
    upstream.add(string("name", "Its name in logs and metrics: letters, digits, _ . -").required());
    upstream.add(
        string("transport", "How it is reached: stdio, http, or what plugins add").required());
    upstream.add(
        string("isolation",
               "per_session: one connection for each client session; shared: sessions share "
               "one (for servers that keep no state per client)")
            .defaults_to("per_session")
            .one_of({"per_session", "shared"}));
    upstream.add(
        string("era",
               "Which revisions the server speaks: those with sessions (legacy: 2024-11-05 "
               "to 2025-11-25), those without (modern: 2026-07-28), both; or auto: it is "
               "asked when that matters. Clients of the other era are served either way")
            .defaults_to("auto")
            .one_of({"auto", "legacy", "modern", "both"}));
    upstream.add(object("pool", "Choice and capacity", std::move(pool)));
    upstream.add(object("health", "Regular probes; without this key none", std::move(health)));
    upstream.add(object("retry", "When a request is sent again", core_retry_schema()));
    upstream.add(
        object("circuit_breaker",
               "Leaves an upstream alone that fails again and again; without this key none",
               core_breaker_schema()));
    upstream.add(object("outlier_ejection",
                        "Leaves an upstream alone that fails more often than it may; without this "
                        "key none",
                        core_outlier_schema()));
    return upstream;
}

/// The schema of the part that `holder` names under `selector`; empty when it names none that
/// exists.
Schema named_schema(const PluginRegistry& registry, std::string_view kind, const Json& holder,
                    const char* selector) {
    if (!holder.is_object()) return {};
    const auto name = holder.find(selector);
    if (name == holder.end() || !name->is_string()) return {};
    const Part* part = registry.find(kind, name->get<std::string>());
    return part != nullptr ? part->schema : Schema();
}

Json member(const Json& object, const char* key) {
    return object.is_object() && object.contains(key) ? object.at(key) : Json();
}

}  // namespace

Schema core_pool_schema() {
    Schema pool;
    pool.add(sdk::string("strategy",
                         "How one of the upstreams is picked; those that name one must agree. "
                         "Default: round_robin"));
    pool.add(integer("max",
                     "Most connections at a time; a session that needs one more waits. "
                     "Default: 1000; with isolation shared 1, and then it also bounds the workers")
                 .between(1, 100'000));
    add_capacity_keys(pool);
    add_life_keys(pool);
    return pool;
}

Schema core_health_schema() {
    Schema health;
    health.add(
        sdk::string("checker",
                    "How it is probed: mcp_ping, server_discover, process_alive, tcp_connect, "
                    "http_get, or what plugins add")
            .required());
    health.add(integer("interval_secs", "Seconds between probes").defaults_to(10).between(1, kDay));
    health.add(integer("timeout_secs", "Seconds after which a probe has failed")
                   .defaults_to(5)
                   .between(1, kDay));
    health.add(integer("healthy_after", "Good probes in a row that make it healthy")
                   .defaults_to(2)
                   .between(1, 100));
    health.add(integer("unhealthy_after", "Bad probes in a row that make it unhealthy")
                   .defaults_to(3)
                   .between(1, 100));
    return health;
}

Schema core_upstream_schema() { return upstream_with(core_pool_schema(), core_health_schema()); }

Schema upstream_schema(const PluginRegistry& registry, const Json& upstream) {
    Schema pool = core_pool_schema();
    pool.merge(named_schema(registry, PoolStrategy::kKind, member(upstream, "pool"), "strategy"));
    Schema health = core_health_schema();
    health.merge(
        named_schema(registry, HealthChecker::kKind, member(upstream, "health"), "checker"));
    Schema all = upstream_with(std::move(pool), std::move(health));
    return all.merge(named_schema(registry, Connector::kKind, upstream, "transport"));
}

Schema any_upstream_schema(const PluginRegistry& registry) {
    Schema pool = core_pool_schema();
    Schema health = core_health_schema();
    Schema connector;
    for (const Part& part : registry.parts()) {
        if (part.kind == PoolStrategy::kKind) pool.merge(part.schema);
        if (part.kind == HealthChecker::kKind) health.merge(part.schema);
        if (part.kind == Connector::kKind) connector.merge(part.schema);
    }
    return upstream_with(std::move(pool), std::move(health)).merge(connector);
}

Json part_options(const Json& all, const Schema& schema, const Schema& core) {
    Json options = Json::object();
    for (const ConfigField& field : schema.fields()) {
        const auto value = all.find(field.name());
        if (value != all.end() && core.find(field.name()) == nullptr)
            options[field.name()] = *value;
    }
    return options;
}

}  // namespace shadowcat::core
