// SPDX-License-Identifier: Apache-2.0
// HealthSchedule: probes one upstream at intervals and decides with thresholds.
#pragma once

#include "shadowcat/sdk/health_checker.hpp"
#include "shadowcat/sdk/metrics.hpp"
#include "shadowcat/sdk/worker.hpp"

#include "core/upstream/upstream.hpp"

#include <chrono>
#include <memory>

namespace shadowcat::core {

class HealthPolicy {
public:
    std::chrono::seconds interval = std::chrono::seconds(10);
    std::chrono::seconds timeout = std::chrono::seconds(5);
    unsigned healthy_after = 2;
    unsigned unhealthy_after = 3;
};

/// Counts probe outcomes; a pure function of their sequence.
class HealthJudge {
public:
    explicit HealthJudge(const HealthPolicy& policy) : policy_(policy) {}

    bool healthy() const noexcept { return healthy_; }

    /// Takes one outcome; true when it changed the verdict.
    bool record(bool success) noexcept;

private:
    HealthPolicy policy_;
    bool healthy_ = true;
    unsigned successes_ = 0;
    unsigned failures_ = 0;
};

/// One per upstream, on one worker. Keeps a probe link of its own for checkers that ask.
class HealthSchedule final : public sdk::HealthTarget, public sdk::LinkEvents {
public:
    HealthSchedule(sdk::Worker& worker, Upstream& upstream,
                   std::unique_ptr<sdk::HealthChecker> checker, const HealthPolicy& policy,
                   sdk::Metrics& metrics);

    void start();

    /// Ends the schedule and closes the probe link; completes when the last probe has ended.
    sdk::awaitable<> stop();

    sdk::awaitable<sdk::Result<sdk::Message>> ask(sdk::Message request) override;
    std::size_t crashes_since_last_check() override;
    sdk::awaitable<sdk::Result<void>> ensure_open() override;

    sdk::awaitable<> on_message(sdk::Message message) override;
    void on_closed(const sdk::Error& error) override;

private:
    sdk::awaitable<> run();
    sdk::awaitable<> probe();
    sdk::awaitable<sdk::Result<void>> open_link();
    sdk::awaitable<> close_link();

    sdk::Worker& worker_;
    Upstream& upstream_;
    std::unique_ptr<sdk::HealthChecker> checker_;
    HealthPolicy policy_;
    HealthJudge judge_;
    sdk::Gauge& healthy_;
    sdk::Counter& failures_;
    sdk::Timer timer_;
    sdk::Gate running_;
    std::shared_ptr<LinkLease> probe_;
    bool stopping_ = false;
};

}  // namespace shadowcat::core
