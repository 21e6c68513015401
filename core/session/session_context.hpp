// SPDX-License-Identifier: Apache-2.0
// SessionContext: what all sessions of one worker share.
#pragma once

#include "core/exchange/interceptor_chain.hpp"
#include "core/exchange/request_copies.hpp"
#include "core/observe/exchange_sinks.hpp"
#include "core/observe/proxy_metrics.hpp"
#include "core/session/session_settings.hpp"
#include "core/stateless/result_cache.hpp"
#include "core/upstream/upstream_group.hpp"

#include <cstdint>
#include <functional>
#include <string>

namespace shadowcat::core {

/// Outlives the sessions.
class SessionContext {
public:
    SessionContext(sdk::Worker& on, const SessionSettings& how, UpstreamGroup& upstreams,
                   InterceptorChain& chain, ProxyMetrics& counters,
                   ExchangeSinks* records = nullptr)
        : worker(on),
          settings(how),
          group(upstreams),
          interceptors(chain),
          metrics(counters),
          sinks(records) {}

    sdk::Worker& worker;
    const SessionSettings& settings;
    UpstreamGroup& group;
    InterceptorChain& interceptors;
    ProxyMetrics& metrics;
    ExchangeSinks* sinks;  ///< Who is told of every exchange; may be null.

    bool records() const noexcept { return sinks && !sinks->empty(); }
    bool traces() const noexcept { return sinks && sinks->traces(); }

    RequestCopies copies;

    /// Numbers the exchanges of the worker, for interceptors.
    std::uint64_t exchanges = 0;

    /// Results that are kept for stateless clients; null where none are. Set by the proxy.
    ResultCache* cache = nullptr;

    /// Removes the session from the table; set by the table.
    std::function<void(const std::string& id)> forget;

    /// The link of a transparent session ended by itself; set by the proxy.
    std::function<void(const sdk::Error&)> link_lost;

    /// The process that served a session ended by itself, before `link_lost`; as
    /// `Link::exit_code`. Set by the proxy.
    std::function<void(int code)> server_exited;
};

}  // namespace shadowcat::core
