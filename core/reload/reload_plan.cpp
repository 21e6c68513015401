// SPDX-License-Identifier: Apache-2.0
// Comparing two configurations.
#include "core/reload/reload_plan.hpp"

#include <algorithm>
#include <thread>

namespace shadowcat::core {

namespace {

const UpstreamConfig* find(const Config& config, const std::string& name) {
    const auto found = std::ranges::find(config.upstreams, name, &UpstreamConfig::name);
    return found == config.upstreams.end() ? nullptr : &*found;
}

/// What every link is opened with.
bool same_link_options(const SessionSettings& a, const SessionSettings& b) {
    return a.message.max_bytes == b.message.max_bytes &&
           a.message.max_depth == b.message.max_depth && a.max_in_flight == b.max_in_flight &&
           a.transparent == b.transparent && a.bridge == b.bridge;
}

UpstreamChange change_of(const UpstreamConfig* before, const UpstreamConfig& after) {
    if (before == nullptr || before->connector != after.connector ||
        before->settings.isolation != after.settings.isolation ||
        before->settings.era != after.settings.era) {
        return UpstreamChange::replace;
    }
    return *before == after ? UpstreamChange::keep : UpstreamChange::retune;
}

void refuse(ReloadPlan& plan, bool differs, const char* key) {
    if (differs) plan.refused.emplace_back(key);
}

void refuse_what_is_fixed(ReloadPlan& plan, const Config& now, const Config& next) {
    refuse(plan, now.plugins != next.plugins, "plugins");
    refuse(plan, now.listener.name != next.listener.name, "reverse_proxy");
    refuse(plan, now.admin != next.admin, "admin");
    refuse(plan, now.control != next.control, "control");
    refuse(plan, now.metrics_sinks != next.metrics_sinks, "metrics");
    refuse(plan, now.exchange_sinks != next.exchange_sinks, "exchange_sinks or logging.access_log");
    refuse(plan, now.workers != next.workers, "workers");
}

std::string list(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names)
        text += (text.empty() ? "" : ", ") + name;
    return text;
}

std::string counted(const std::vector<std::string>& names, const char* what) {
    return std::to_string(names.size()) + " " + what + " (" + list(names) + ")";
}

std::vector<std::string> names_of(const ReloadPlan& plan, const Config& next, UpstreamChange what) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < plan.upstreams.size(); ++i) {
        if (plan.upstreams[i] == what) names.push_back(next.upstreams[i].name);
    }
    return names;
}

}  // namespace

std::size_t worker_count(const Config& config, std::size_t cores) {
    std::size_t count = config.workers ? config.workers : cores;
    for (const UpstreamConfig& upstream : config.upstreams) {
        if (upstream.settings.isolation != Isolation::shared) continue;
        count = std::min(count, std::max<std::size_t>(upstream.settings.pool.max_links, 1));
    }
    return std::clamp<std::size_t>(count, 1, 256);
}

ReloadPlan plan_reload(const Config& now, const Config& next, std::size_t workers) {
    ReloadPlan plan;
    refuse_what_is_fixed(plan, now, next);
    const bool fits = worker_count(next, std::max<std::size_t>(workers, 1)) >= workers;
    refuse(plan, !fits, "pool.max of a shared upstream below the number of workers");
    const bool all_anew = !same_link_options(now.session, next.session);
    for (const UpstreamConfig& upstream : next.upstreams) {
        plan.upstreams.push_back(all_anew ? UpstreamChange::replace
                                          : change_of(find(now, upstream.name), upstream));
    }
    for (const UpstreamConfig& upstream : now.upstreams) {
        if (find(next, upstream.name) == nullptr) plan.removed.push_back(upstream.name);
    }
    plan.strategy = now.strategy != next.strategy;
    plan.interceptors = now.interceptors != next.interceptors;
    plan.settings = now.session != next.session || now.process != next.process;
    plan.logging = now.logging != next.logging;
    plan.listener = now.listener != next.listener;
    return plan;
}

std::string ReloadPlan::text(const Config& next) const {
    std::vector<std::string> parts;
    const auto add = [&](const std::vector<std::string>& names, const char* what) {
        if (!names.empty()) parts.push_back("upstreams " + counted(names, what));
    };
    add(names_of(*this, next, UpstreamChange::replace), "opened anew");
    add(names_of(*this, next, UpstreamChange::retune), "retuned");
    add(removed, "removed");
    if (strategy) parts.emplace_back("pool strategy");
    if (interceptors) parts.emplace_back("interceptors");
    if (settings) parts.emplace_back("session settings and limits");
    if (logging) parts.emplace_back("logging");
    if (listener) parts.emplace_back("listener");
    return parts.empty() ? "no change" : list(parts);
}

}  // namespace shadowcat::core
