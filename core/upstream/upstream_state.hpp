// SPDX-License-Identifier: Apache-2.0
// UpstreamState: what all workers know about one upstream.
#pragma once

#include "shadowcat/sdk/quota.hpp"

#include "core/exchange/retry_budget.hpp"
#include "core/exchange/tool_catalogue.hpp"
#include "core/stateless/parameter_schemas.hpp"
#include "core/upstream/circuit_breaker.hpp"
#include "core/upstream/outlier_ejection.hpp"
#include "core/upstream/probe_bell.hpp"
#include "core/upstream/start_backoff.hpp"
#include "core/upstream/upstream_era.hpp"
#include "core/upstream/upstream_settings.hpp"
#include "core/upstream/upstream_status.hpp"

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>

namespace shadowcat::core {

/// Counters that workers share without locks. One per configured upstream, made before the workers.
class UpstreamState {
public:
    UpstreamState(std::string upstream_name, const UpstreamSettings& how)
        : name(std::move(upstream_name)) {
        apply(how);
        if (how.era != EraChoice::find_out) {
            era.learn_sessions(how.era != EraChoice::modern);
            era.learn_stateless(how.era != EraChoice::legacy);
        }
    }

    /// Takes over new bounds; on any worker.
    void apply(const UpstreamSettings& how);

    /// How it is; from any thread. Notes when the condition changed since the last look (each sweep
    /// of the upstream looks).
    UpstreamStatus status(sdk::TimePoint now = sdk::Clock::now());

    /// Remembers what went wrong last, for the status. Not for the data path.
    void note_error(std::string text);

    const std::string name;

    sdk::Quota links;   ///< open or being opened, over all workers
    sdk::Quota calls;   ///< under way
    sdk::Quota bytes;   ///< of requests under way
    sdk::Quota starts;  ///< links that are being opened, or have not answered yet

    StartBackoff backoff;
    CircuitBreaker breaker;
    OutlierEjection outlier;
    ProbeBell probe_bell;

    std::atomic<std::uint32_t> in_flight{0};
    std::atomic<std::uint32_t> sessions{0};
    std::atomic<std::uint32_t> spares{0};
    std::atomic<std::uint32_t> starting{0};
    std::atomic<std::uint32_t> crashes{0};        ///< since the health checker last looked
    std::atomic<std::uint64_t> crashes_total{0};  ///< links that ended by themselves
    std::atomic<std::uint32_t> workers{0};        ///< that have an `Upstream` for this
    std::atomic<bool> healthy{true};

    UpstreamEra era;
    RetryBudget retry_budget;
    ParameterSchemas schemas;
    ToolCatalogue tools;  ///< empty unless its annotations are trusted

private:
    UpstreamCondition condition(sdk::TimePoint now) const noexcept;

    mutable std::mutex mutex_;  // guards what follows: status and failures only
    UpstreamCondition condition_ = UpstreamCondition::healthy;
    std::chrono::system_clock::time_point since_ = std::chrono::system_clock::now();
    std::string last_error_;
    std::chrono::system_clock::time_point last_error_at_;
};

/// Counts one in a counter for as long as it lives.
class Counted {
public:
    explicit Counted(std::atomic<std::uint32_t>& counter) : counter_(counter) { ++counter_; }
    ~Counted() { --counter_; }
    Counted(const Counted&) = delete;
    Counted& operator=(const Counted&) = delete;

private:
    std::atomic<std::uint32_t>& counter_;
};

}  // namespace shadowcat::core
