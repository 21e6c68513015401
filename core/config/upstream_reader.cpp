// SPDX-License-Identifier: Apache-2.0
// Reads upstreams one by one, then checks what concerns them together.
#include "core/config/upstream_reader.hpp"

#include "shadowcat/sdk/connector.hpp"
#include "shadowcat/sdk/health_checker.hpp"
#include "shadowcat/sdk/pool_strategy.hpp"

#include "core/config/config_schema.hpp"
#include "core/config/upstream_keys.hpp"
#include "core/config/upstream_settings_reader.hpp"

#include <map>

namespace shadowcat::core {

namespace {

constexpr const char* kListPath = "reverse_proxy.upstreams";
constexpr const char* kDefaultStrategy = "round_robin";
constexpr std::size_t kMaxNameLength = 64;

bool is_upstream_name(const std::string& name) {
    return !name.empty() && name.size() <= kMaxNameLength &&
           name.find_first_not_of(
               "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
               "0123456789_.-") == std::string::npos;
}

EraChoice era_of(std::string_view text) {
    if (text == "legacy") return EraChoice::legacy;
    if (text == "modern") return EraChoice::modern;
    return text == "both" ? EraChoice::both : EraChoice::find_out;
}

class UpstreamsReader {
public:
    UpstreamsReader(SectionReader& reader, const PluginRegistry& registry, Config& config)
        : reader_(reader), registry_(registry), config_(config) {}

    void read(const Json& list) {
        for (std::size_t i = 0; i < list.size(); ++i) {
            read_one(list[i], sdk::child_path(kListPath, i));
        }
        if (config_.strategy.name.empty()) take_default_strategy();
    }

private:
    /// The registered part `name`, or null after saying that nobody offers it.
    const Part* part(std::string_view kind, const std::string& name, const std::string& path) {
        const Part* found = registry_.find(kind, name);
        if (found == nullptr) reader_.fail(path, registry_.unknown_part(kind, name).message());
        return found;
    }

    void read_one(Json value, const std::string& path) {
        reader_.config().restore_texts(core_upstream_schema(), path, value);
        const Part* connector = find_connector(value, path);
        if (connector == nullptr) keep_core_keys(value);
        const sdk::Schema schema = upstream_schema(registry_, value);
        const Json all = reader_.validated(schema, path, value);
        UpstreamConfig upstream;
        upstream.name = all.value("name", "");
        check_name(upstream.name, value, path);
        if (connector != nullptr) {
            upstream.connector = PartConfig(
                connector->name, part_options(all, connector->schema, core_upstream_schema()));
        }
        const bool shared = all.value("isolation", "") == "shared";
        upstream.settings.isolation = shared ? Isolation::shared : Isolation::per_session;
        if (shared) upstream.settings.pool.max_links = 1;
        upstream.settings.era = era_of(all.value("era", "auto"));
        read_upstream_settings(all, value, upstream.settings);
        if (all.contains("pool"))
            read_pool(all.at("pool"), sdk::child_path(path, "pool"), upstream);
        if (all.contains("health")) {
            upstream.health = read_health(all.at("health"), sdk::child_path(path, "health"));
        }
        config_.upstreams.push_back(std::move(upstream));
    }

    const Part* find_connector(const Json& value, const std::string& path) {
        const auto name = value.is_object() ? value.find("transport") : value.end();
        if (name == value.end() || !name->is_string()) return nullptr;
        return part(sdk::Connector::kKind, name->get<std::string>(),
                    sdk::child_path(path, "transport"));
    }

    // Without its connector nobody knows which other keys an upstream may have.
    static void keep_core_keys(Json& value) {
        if (!value.is_object()) return;
        const sdk::Schema core = core_upstream_schema();
        Json kept = Json::object();
        for (const auto& [key, item] : value.items()) {
            if (core.find(key) != nullptr) kept[key] = item;
        }
        value = std::move(kept);
    }

    void check_name(const std::string& name, const Json& value, const std::string& path) {
        if (!value.is_object() || !value.contains("name")) return;
        const std::string where = sdk::child_path(path, "name");
        if (!is_upstream_name(name)) {
            reader_.fail(where, "expected 1 to " + std::to_string(kMaxNameLength) +
                                    " letters, digits, '_', '.' or '-', found " +
                                    Json(name).dump());
        } else if (const auto [first, added] = names_.emplace(name, path); !added) {
            reader_.fail(where, "the name '" + name + "' is already taken by " + first->second);
        }
    }

    void check_pool(const std::string& path, const UpstreamSettings& settings) {
        const PoolSettings& pool = settings.pool;
        const std::string spares = sdk::child_path(path, "min_idle");
        if (pool.min_idle > pool.max_links) {
            reader_.fail(spares, "more spares than pool.max (" + std::to_string(pool.max_links) +
                                     ") has places for");
        }
        if (pool.min_idle > 0 && settings.isolation == Isolation::shared) {
            reader_.fail(spares,
                         "spares are for isolation per_session; a shared connection is open "
                         "all the time");
        }
        if (pool.min_backoff > pool.max_backoff) {
            reader_.fail(sdk::child_path(path, "backoff_ms"), "longer than max_backoff_ms");
        }
    }

    void read_pool(const Json& pool, const std::string& path, UpstreamConfig& upstream) {
        check_pool(path, upstream.settings);
        if (!pool.contains("strategy")) return;
        const std::string where = sdk::child_path(path, "strategy");
        const Part* found = part(sdk::PoolStrategy::kKind, pool.at("strategy"), where);
        if (found == nullptr) return;
        const PartConfig strategy(found->name,
                                  part_options(pool, found->schema, core_pool_schema()));
        if (config_.strategy.name.empty()) {
            config_.strategy = strategy;
            strategy_path_ = where;
        } else if (strategy.name != config_.strategy.name ||
                   strategy.options != config_.strategy.options) {
            reader_.fail(where,
                         "the upstreams share one strategy, and " + strategy_path_ + " is '" +
                             config_.strategy.name +
                             "' (or has other options): give it once, or the same everywhere");
        }
    }

    HealthConfig read_health(const Json& values, const std::string& path) {
        HealthConfig health;
        health.interval = std::chrono::seconds(values.value("interval_secs", 10));
        health.timeout = std::chrono::seconds(values.value("timeout_secs", 5));
        health.healthy_after = values.value("healthy_after", health.healthy_after);
        health.unhealthy_after = values.value("unhealthy_after", health.unhealthy_after);
        if (!values.contains("checker")) return health;
        const Part* found =
            part(sdk::HealthChecker::kKind, values.at("checker"), sdk::child_path(path, "checker"));
        if (found == nullptr) return health;
        health.checker =
            PartConfig(found->name, part_options(values, found->schema, core_health_schema()));
        return health;
    }

    void take_default_strategy() {
        const Part* found = part(sdk::PoolStrategy::kKind, kDefaultStrategy, kListPath);
        if (found == nullptr) return;
        config_.strategy =
            PartConfig(found->name, reader_.validated(found->schema, kListPath, Json::object()));
    }

    SectionReader& reader_;
    const PluginRegistry& registry_;
    Config& config_;
    std::map<std::string, std::string> names_;  // name → path of the upstream that has it
    std::string strategy_path_;
};

}  // namespace

void read_upstreams(SectionReader& reader, const PluginRegistry& registry, const Json& list,
                    Config& config) {
    if (list.is_array()) UpstreamsReader(reader, registry, config).read(list);
}

}  // namespace shadowcat::core
