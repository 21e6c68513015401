// SPDX-License-Identifier: Apache-2.0
// HealthWatch: the health schedules of all upstreams.
#pragma once

#include "core/config/config.hpp"
#include "core/plugin/plugin_registry.hpp"
#include "core/proxy/shared.hpp"
#include "core/reload/reload_plan.hpp"
#include "core/upstream/health.hpp"
#include "core/upstream/upstream_group.hpp"

#include <map>
#include <memory>
#include <string>

namespace shadowcat::core {

/// On worker 0, whose copies of the upstreams it probes.
class HealthWatch {
public:
    HealthWatch(sdk::Worker& worker, const PluginRegistry& registry, Shared& shared,
                UpstreamGroup& group)
        : worker_(worker), registry_(registry), shared_(shared), group_(group) {}

    /// Makes a schedule for each upstream that is to be watched. Throws `std::exception` when a
    /// plugin can't make its checker.
    void make(const Config& config);

    /// Tries whether `make` would succeed for what `plan` changes; throws as it does.
    void try_make(const Config& next, const ReloadPlan& plan) const;

    void start();

    /// Ends the schedules of upstreams that changed or went, begins those of the next
    /// configuration; after the group has its new members. `try_make` has succeeded.
    sdk::awaitable<> follow(const Config& next, const ReloadPlan& plan);

    sdk::awaitable<> stop();

private:
    class Watched {
    public:
        std::shared_ptr<Upstream> upstream;  // shared: a replaced one stays until its probe ended
        std::unique_ptr<HealthSchedule> schedule;
    };

    Watched watch(const UpstreamConfig& config) const;
    std::shared_ptr<Upstream> member(const std::string& name) const;

    sdk::Worker& worker_;
    const PluginRegistry& registry_;
    Shared& shared_;
    UpstreamGroup& group_;
    std::map<std::string, Watched> watched_;
};

}  // namespace shadowcat::core
