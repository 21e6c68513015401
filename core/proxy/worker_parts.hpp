// SPDX-License-Identifier: Apache-2.0
// WorkerParts: everything of the proxy that one worker has its own copy of.
#pragma once

#include "core/config/config.hpp"
#include "core/exchange/interceptor_chain.hpp"
#include "core/observe/proxy_metrics.hpp"
#include "core/plugin/plugin_registry.hpp"
#include "core/proxy/shared.hpp"
#include "core/reload/reload_plan.hpp"
#include "core/session/session_table.hpp"
#include "core/stateless/stateless_desk.hpp"
#include "core/upstream/upstream_group.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace shadowcat::core {

/// Created on the main thread before the workers run, used on its worker, destroyed after they
/// ended.
class WorkerParts {
public:
    /// Throws `std::exception` when a plugin can't make a part of the configuration.
    WorkerParts(sdk::Worker& worker, const PluginRegistry& registry, Shared& shared);

    /// What is left on the worker finds no observer any more.
    ~WorkerParts() { worker_.set_observer(nullptr); }
    WorkerParts(const WorkerParts&) = delete;
    WorkerParts& operator=(const WorkerParts&) = delete;

    SessionTable& table() noexcept { return table_; }
    UpstreamGroup& group() noexcept { return group_; }
    SessionContext& context() noexcept { return context_; }

    /// Makes what `plan` needs for `next`, whose upstreams have these `states`, and keeps it until
    /// `commit` or `discard`. Nothing that runs is touched. Throws like the constructor.
    void prepare(const Config& next, const ReloadPlan& plan,
                 const std::vector<std::shared_ptr<UpstreamState>>& states);

    /// Uses what was prepared. Upstreams that are replaced or gone stay for the sessions bound to
    /// them, for `next.process.retire_timeout` at most.
    void commit(const Config& next, const ReloadPlan& plan);
    void discard();

    /// Upstreams that only old sessions use.
    std::size_t retired() const noexcept { return retired_.size(); }

    /// Lets go what waits in interceptors; on the worker.
    sdk::awaitable<> release_held();

    /// Ends all sessions and releases the upstreams; on the worker.
    sdk::awaitable<> stop();

private:
    using Chain = std::vector<std::unique_ptr<sdk::Interceptor>>;

    /// What the next configuration brings, by index of its upstreams; null where nothing is new.
    class Next {
    public:
        std::vector<std::shared_ptr<Upstream>> upstreams;
        std::unique_ptr<sdk::PoolStrategy> strategy;
        std::optional<Chain> interceptors;
    };

    class Retired {
    public:
        std::shared_ptr<Upstream> upstream;  // shared with the sessions' group until it retired
        sdk::TimePoint deadline;
    };

    std::shared_ptr<Upstream> make_upstream(const UpstreamConfig& config,
                                            std::shared_ptr<UpstreamState> state,
                                            const SessionSettings& settings);
    Chain make_interceptors(const Config& config);
    void use(Chain interceptors);
    void observe_if_wanted();
    std::shared_ptr<Upstream> member(const std::string& name) const;
    void sweep(sdk::TimePoint now);
    void let_go(std::shared_ptr<Upstream> upstream);
    static sdk::awaitable<> stop_upstream(std::shared_ptr<Upstream> upstream);

    sdk::Worker& worker_;
    const PluginRegistry& registry_;
    Shared& shared_;
    SessionSettings settings_;
    ProxyMetrics metrics_;
    InterceptorChain interceptors_;
    UpstreamGroup group_;
    SessionContext context_;
    SessionTable table_;
    StatelessDesk desk_;
    std::optional<Next> next_;
    std::vector<Retired> retired_;
    sdk::Worker::Tick tick_;
    sdk::Worker::Tick observing_;  // as long as there are interceptors
};

}  // namespace shadowcat::core
