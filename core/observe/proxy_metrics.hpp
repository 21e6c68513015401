// SPDX-License-Identifier: Apache-2.0
// ProxyMetrics: the engine's own series, resolved once so that counting is one addition.
#pragma once

#include "shadowcat/sdk/metrics.hpp"

#include "core/mcp/methods.hpp"

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace shadowcat::core {

namespace sdk = shadowcat::sdk;

/// How an exchange ended, as the `outcome` label.
enum class Outcome : std::uint8_t { result, error, failed, cancelled, count };

std::string_view name(Outcome outcome) noexcept;

/// One per worker; the cells behind it are shared by all.
class ProxyMetrics {
public:
    explicit ProxyMetrics(sdk::Metrics& registry);

    /// The series of the requests that one upstream gets, by method; each is made when it is first
    /// counted.
    class Requests {
    public:
        explicit Requests(const std::string& upstream)
            : upstream_(upstream), by_method_(mcp::methods().size()) {}

    private:
        friend class ProxyMetrics;

        class Method {
        public:
            sdk::Counter* outcomes[static_cast<std::size_t>(Outcome::count)] = {};
            sdk::Histogram* duration = nullptr;
        };

        std::string upstream_;
        std::vector<Method> by_method_;
    };

    /// Those of `upstream`; look once, they stay where they are.
    Requests& requests(const std::string& upstream);

    /// Counts a finished exchange and its duration.
    void finished(Requests& requests, const mcp::Method& method, Outcome outcome,
                  sdk::Duration elapsed);

    /// Counts a request that failed and might have been sent again; `what` came of it: `retried`,
    /// `budget` (too many retries already) or `unsafe`.
    void retry(const std::string& upstream, std::string_view what);

    /// Counts a session that was initialised anew on `upstream`.
    void repaired(const std::string& upstream);

    /// Counts a session that ended because `upstream` lost it, and why it could not be repaired.
    void lost(const std::string& upstream, std::string_view reason);

    sdk::Gauge& in_flight;
    sdk::Gauge& sessions;
    sdk::Counter& sessions_opened;
    sdk::Counter& sessions_refused;
    sdk::Counter& late_responses;         ///< client responses that nobody waited for
    sdk::Counter& dropped_notifications;  ///< for which no stream had room
    sdk::Counter& replayed;               ///< messages given to clients that resumed a stream
    sdk::Counter& replay_missed;          ///< which the replay buffer no longer held

private:
    void resolve(Requests::Method& series, std::string_view method, const std::string& upstream);

    sdk::Metrics& registry_;
    std::unordered_map<std::string, Requests> by_upstream_;
};

}  // namespace shadowcat::core
