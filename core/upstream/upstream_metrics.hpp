// SPDX-License-Identifier: Apache-2.0
// UpstreamMetrics: the series of one upstream.
#pragma once

#include "shadowcat/sdk/metrics.hpp"

#include "core/upstream/link_life.hpp"
#include "core/upstream/upstream_status.hpp"

#include <array>
#include <string>

namespace shadowcat::core {

/// A gauge that follows a number which is known elsewhere: moved by the difference, by one worker.
class FollowedGauge {
public:
    explicit FollowedGauge(sdk::Gauge& gauge) : gauge_(gauge) {}

    void follow(std::int64_t value) noexcept {
        if (value != shown_) gauge_.add(value - shown_);
        shown_ = value;
    }

private:
    sdk::Gauge& gauge_;
    std::int64_t shown_ = 0;
};

/// One per worker; the cells behind it are shared. Counters are counted where it happens. Gauges
/// follow the upstream's state at every sweep of one worker, so that they cost the data path
/// nothing.
class UpstreamMetrics {
public:
    UpstreamMetrics(sdk::Metrics& registry, const std::string& upstream);

    sdk::Counter& recycled(RecycleReason reason) noexcept {
        return *recycled_[static_cast<std::size_t>(reason)];
    }

    /// Shows the gauges what is the case.
    void follow(const UpstreamStatus& status) noexcept;

    sdk::Histogram& wait_for_link;
    sdk::Histogram& wait_for_call;
    sdk::Counter& start_failures;
    sdk::Counter& ejections;
    sdk::Counter& breaker_opened;
    sdk::Counter& breaker_closed;

private:
    FollowedGauge open_, spare_, starting_;
    FollowedGauge waiting_for_link_, waiting_for_call_;
    FollowedGauge calls_, breaker_;
    std::array<sdk::Counter*, static_cast<std::size_t>(RecycleReason::count)> recycled_{};
};

}  // namespace shadowcat::core
