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
    upstream.add(object("pool", "Choice and capacity", std::move(pool)));
    upstream.add(object("health", "Regular probes; without this key none", std::move(health)));
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
                     "Most connections at a time; a session that needs one more is refused. "
                     "Default: 1000; with isolation shared 1, and then it also bounds the workers")
                 .between(1, 100'000));
    return pool;
}

Schema core_health_schema() {
    Schema health;
    health.add(
        sdk::string("checker", "How it is probed: mcp_ping, process_alive, or what plugins add")
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
