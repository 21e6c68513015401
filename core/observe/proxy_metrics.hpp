// SPDX-License-Identifier: Apache-2.0
// ProxyMetrics: the engine's own series, resolved once so that counting is one addition.
#pragma once

#include "shadowcat/sdk/metrics.hpp"

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace shadowcat::core {

namespace sdk = shadowcat::sdk;

/// How an exchange ended, as the `outcome` label.
enum class Outcome : std::uint8_t { result, error, failed, cancelled, count };

/// One per worker; the cells behind it are shared by all.
class ProxyMetrics {
public:
    explicit ProxyMetrics(sdk::Metrics& registry);

    /// Counts a finished exchange and its duration.
    void finished(std::string_view method, const std::string& upstream, Outcome outcome,
                  sdk::Duration elapsed);

    sdk::Gauge& in_flight;
    sdk::Gauge& sessions;
    sdk::Counter& sessions_opened;
    sdk::Counter& late_responses;         ///< client responses that nobody waited for
    sdk::Counter& dropped_notifications;  ///< for which no stream had room

private:
    class MethodSeries {
    public:
        sdk::Counter* outcomes[static_cast<std::size_t>(Outcome::count)] = {};
        sdk::Histogram* duration = nullptr;
    };

    void resolve(MethodSeries& series, std::string_view method, const std::string& upstream);

    sdk::Metrics& registry_;
    std::unordered_map<std::string, std::vector<MethodSeries>> by_upstream_;
};

}  // namespace shadowcat::core
