// SPDX-License-Identifier: Apache-2.0
// HealthSchedule: probes one upstream at intervals and on demand, and decides with thresholds.
#pragma once

#include "shadowcat/sdk/health_checker.hpp"
#include "shadowcat/sdk/metrics.hpp"
#include "shadowcat/sdk/worker.hpp"

#include "core/upstream/health_judge.hpp"
#include "core/upstream/probe_target.hpp"
#include "core/upstream/upstream.hpp"

#include <memory>
#include <optional>
#include <random>

namespace shadowcat::core {

/// One per upstream, on one worker; started and stopped there, also while the proxy runs. Stopped
/// before it, or the upstream, is destroyed.
class HealthSchedule {
public:
    HealthSchedule(sdk::Worker& worker, Upstream& upstream,
                   std::unique_ptr<sdk::HealthChecker> checker, const HealthPolicy& policy,
                   sdk::Metrics& metrics);
    ~HealthSchedule();
    HealthSchedule(const HealthSchedule&) = delete;
    HealthSchedule& operator=(const HealthSchedule&) = delete;

    /// The first probe comes after up to a tenth of the interval, at most a second, by chance.
    void start();

    /// Ends the schedule and closes the probe link; completes when the last probe has ended, or has
    /// not for as long as a probe may take. The upstream then counts as healthy: nobody looks any
    /// more.
    sdk::awaitable<> stop();

private:
    /// One run of the checker. Shared with it, because it may hang for longer than anybody waits.
    class Check {
    public:
        std::optional<sdk::Result<void>> outcome;
        bool late = false;
        sdk::Wakeup wakeup;
    };
    class Ear;

    sdk::awaitable<> run();
    sdk::awaitable<> wait_for(sdk::Duration pause);
    sdk::awaitable<> probe(bool wished);
    sdk::awaitable<sdk::Result<void>> check();
    sdk::awaitable<> await_check(sdk::Duration limit);
    static sdk::awaitable<> run_check(std::shared_ptr<sdk::HealthChecker> checker,
                                      std::shared_ptr<ProbeTarget> target,
                                      std::shared_ptr<Check> check);
    void succeeded(bool wished);
    void announce(const sdk::Result<void>& outcome);
    void listen();
    void probe_soon();

    sdk::Worker& worker_;
    Upstream& upstream_;
    std::shared_ptr<sdk::HealthChecker> checker_;  // shared with a check that hangs
    HealthPolicy policy_;
    HealthJudge judge_;
    sdk::Gauge& healthy_;
    sdk::Counter& failures_;
    sdk::Timer timer_;
    sdk::Gate running_;
    std::shared_ptr<ProbeTarget> target_;  // shared with a check that hangs
    std::shared_ptr<Check> check_;         // the last one
    std::shared_ptr<Ear> ear_;             // shared with posts of other workers
    std::minstd_rand random_;
    bool wished_ = false;
    bool started_ = false;
    bool stopping_ = false;
};

}  // namespace shadowcat::core
