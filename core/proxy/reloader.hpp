// SPDX-License-Identifier: Apache-2.0
// Reloader: takes over a changed configuration while the proxy runs, or leaves everything as it is.
#pragma once

#include "shadowcat/sdk/gate.hpp"
#include "shadowcat/sdk/listener.hpp"

#include "core/config/config.hpp"
#include "core/config/origin.hpp"
#include "core/proxy/health_watch.hpp"
#include "core/proxy/worker_parts.hpp"
#include "core/reload/reload_record.hpp"
#include "core/runtime/worker_set.hpp"

#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace shadowcat::core {

/// Reads the configuration anew: what it says, or everything that is wrong with it.
using ConfigSource = std::function<std::variant<Config, Diagnostics>()>;

/// What a reload changes. All of it outlives the reloader.
class ReloadTarget {
public:
    ReloadTarget(Shared& what, WorkerSet& on, std::vector<std::unique_ptr<WorkerParts>>& each,
                 HealthWatch& probes)
        : shared(what), workers(on), parts(each), health(probes) {}

    Shared& shared;
    WorkerSet& workers;
    std::vector<std::unique_ptr<WorkerParts>>& parts;
    HealthWatch& health;
    sdk::Listener* listener = nullptr;
};

/// On worker 0. In order: read and validate → compare → make what is new, on every worker → have
/// the listener agree → use it everywhere. Until the last step anything may fail, and then nothing
/// has changed.
class Reloader {
public:
    Reloader(ReloadTarget target, ConfigSource source)
        : target_(target), source_(std::move(source)) {}

    /// The listener whose options are taken over; before the first reload.
    void use(sdk::Listener& listener) noexcept { target_.listener = &listener; }

    bool possible() const noexcept { return static_cast<bool>(source_); }

    /// One attempt; a second one that comes meanwhile waits for its turn.
    sdk::awaitable<ReloadRecord> reload(std::string trigger);

    /// The proxy ends: no reload begins any more. Completes when the one under way has ended, which
    /// changes upstreams and health schedules; so before those are stopped.
    sdk::awaitable<> finish();

    const ReloadRecord& last() const noexcept { return last_; }

private:
    using Errors = std::vector<std::string>;

    sdk::awaitable<> attempt(ReloadRecord& record);
    sdk::awaitable<> apply(Config next, const ReloadPlan& plan, ReloadRecord& record);
    sdk::awaitable<Errors> prepare(const Config& next, const ReloadPlan& plan);
    sdk::awaitable<> on_each_worker(std::function<void(WorkerParts&)> task);
    std::vector<std::shared_ptr<UpstreamState>> states_for(const Config& next,
                                                           const ReloadPlan& plan) const;
    void report(const ReloadRecord& record) const;

    ReloadTarget target_;
    ConfigSource source_;
    ReloadRecord last_;
    std::vector<std::shared_ptr<UpstreamState>>
        states_;  // of the next configuration; then shared's
    bool busy_ = false;
    sdk::Gate running_;  // closed: the proxy ends
    std::vector<sdk::Wakeup*> waiting_;
};

}  // namespace shadowcat::core
