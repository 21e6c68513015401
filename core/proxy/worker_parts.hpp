// SPDX-License-Identifier: Apache-2.0
// WorkerParts: everything of the proxy that one worker has its own copy of.
#pragma once

#include "core/config/config.hpp"
#include "core/exchange/interceptor_chain.hpp"
#include "core/observe/proxy_metrics.hpp"
#include "core/plugin/plugin_registry.hpp"
#include "core/session/session_table.hpp"
#include "core/upstream/upstream_group.hpp"

#include <functional>
#include <memory>
#include <vector>

namespace shadowcat::core {

/// What the parts of all workers are made from. Outlives them.
class Shared {
public:
    explicit Shared(const Config& what) : config(what) {}

    const Config& config;
    sdk::Metrics metrics;
    SessionRegistry sessions;
    std::vector<std::shared_ptr<UpstreamState>> upstreams;  // shared with every worker
};

/// Created on the main thread before the workers run, used on its worker, destroyed after they
/// ended.
class WorkerParts {
public:
    /// Throws `std::exception` when a plugin can't make a part of the configuration.
    WorkerParts(sdk::Worker& worker, const PluginRegistry& registry, Shared& shared);

    SessionTable& table() noexcept { return table_; }
    UpstreamGroup& group() noexcept { return group_; }
    SessionContext& context() noexcept { return context_; }

    /// Ends all sessions and releases the upstreams; on the worker.
    sdk::awaitable<> stop();

private:
    void add_upstream(const UpstreamConfig& config, std::shared_ptr<UpstreamState> state,
                      const PluginRegistry& registry, Shared& shared);

    sdk::Worker& worker_;
    ProxyMetrics metrics_;
    InterceptorChain interceptors_;
    UpstreamGroup group_;
    SessionContext context_;
    SessionTable table_;
};

}  // namespace shadowcat::core
