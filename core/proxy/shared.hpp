// SPDX-License-Identifier: Apache-2.0
// Shared: what the parts of all workers have in common.
#pragma once

#include "shadowcat/sdk/metrics.hpp"
#include "shadowcat/sdk/quota.hpp"

#include "core/config/config.hpp"
#include "core/control/control_verbs.hpp"
#include "core/observe/exchange_sinks.hpp"
#include "core/session/session_table.hpp"
#include "core/stateless/stateless_desk.hpp"
#include "core/upstream/upstream_state.hpp"

#include <atomic>
#include <memory>
#include <vector>

namespace shadowcat::core {

/// Outlives the workers' parts. `config` and `upstreams` are worker 0's while the proxy runs; the
/// rest is thread-safe.
class Shared {
public:
    explicit Shared(Config what)
        : config(std::move(what)), stateless(config.session.cache), bytes(0, kMaxWaitingReaders) {
        bytes.resize(config.process.max_bytes_in_flight, kMaxWaitingReaders);
        for (const UpstreamConfig& upstream : config.upstreams)
            upstreams.push_back(std::make_shared<UpstreamState>(upstream.name, upstream.settings));
    }

    /// Connections that may wait for memory; each has a bound in time.
    static constexpr std::size_t kMaxWaitingReaders = 100'000;

    Config config;
    sdk::Metrics metrics;
    SessionRegistry sessions;
    StatelessCommon stateless;
    ControlVerbs control;
    ExchangeSinks sinks;                                    ///< filled before the workers run
    sdk::Quota bytes;                                       ///< of messages, over all connections
    std::atomic<bool> draining{false};                      ///< asked to end
    std::vector<std::shared_ptr<UpstreamState>> upstreams;  // shared with every worker
};

}  // namespace shadowcat::core
