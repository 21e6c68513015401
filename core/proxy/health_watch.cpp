// SPDX-License-Identifier: Apache-2.0
// Schedules that come and go with their upstreams.
#include "core/proxy/health_watch.hpp"

#include "core/proxy/make_part.hpp"

namespace shadowcat::core {

namespace {

HealthPolicy policy_of(const HealthConfig& config) {
    HealthPolicy policy;
    policy.interval = config.interval;
    policy.timeout = config.timeout;
    policy.healthy_after = static_cast<unsigned>(config.healthy_after);
    policy.unhealthy_after = static_cast<unsigned>(config.unhealthy_after);
    return policy;
}

std::unique_ptr<sdk::HealthChecker> make_checker(const PluginRegistry& registry,
                                                 sdk::Worker& worker, const UpstreamConfig& config,
                                                 const std::string& target) {
    const sdk::HealthContext context(worker, config.name, target, config.health->timeout);
    return make_part<sdk::HealthChecker>(registry, config.health->checker, context);
}

}  // namespace

std::shared_ptr<Upstream> HealthWatch::member(const std::string& name) const {
    for (const auto& each : group_.members()) {
        if (each->name() == name) return each;
    }
    return nullptr;
}

HealthWatch::Watched HealthWatch::watch(const UpstreamConfig& config) const {
    Watched made;
    made.upstream = member(config.name);
    auto checker = make_checker(registry_, worker_, config, made.upstream->target());
    made.schedule = std::make_unique<HealthSchedule>(worker_, *made.upstream, std::move(checker),
                                                     policy_of(*config.health), shared_.metrics);
    return made;
}

void HealthWatch::make(const Config& config) {
    for (const UpstreamConfig& upstream : config.upstreams) {
        if (upstream.health) watched_[upstream.name] = watch(upstream);
    }
}

void HealthWatch::try_make(const Config& next, const ReloadPlan& plan) const {
    for (std::size_t i = 0; i < next.upstreams.size(); ++i) {
        const UpstreamConfig& upstream = next.upstreams[i];
        if (plan.upstreams[i] == UpstreamChange::keep || !upstream.health) continue;
        const auto now = member(upstream.name);
        make_checker(registry_, worker_, upstream,
                     now ? now->target() : upstream.connector.options.value("url", ""));
    }
}

void HealthWatch::start() {
    for (const auto& [name, watched] : watched_)
        watched.schedule->start();
}

sdk::awaitable<> HealthWatch::follow(const Config& next, const ReloadPlan& plan) {
    std::map<std::string, Watched> old;
    old.swap(watched_);
    for (std::size_t i = 0; i < next.upstreams.size(); ++i) {
        const auto kept = old.find(next.upstreams[i].name);
        if (plan.upstreams[i] == UpstreamChange::keep && kept != old.end())
            watched_.insert(old.extract(kept));
    }
    for (const auto& [name, watched] : old)
        co_await watched.schedule->stop();
    for (const UpstreamConfig& upstream : next.upstreams) {
        if (watched_.contains(upstream.name)) continue;
        if (!upstream.health) {
            member(upstream.name)->state().healthy = true;  // nobody watches it any more
            continue;
        }
        watched_[upstream.name] = watch(upstream);
        watched_[upstream.name].schedule->start();
    }
}

sdk::awaitable<> HealthWatch::stop() {
    for (const auto& [name, watched] : watched_)
        co_await watched.schedule->stop();
}

}  // namespace shadowcat::core
