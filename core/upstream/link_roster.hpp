// SPDX-License-Identifier: Apache-2.0
// LinkRoster: all links that one worker has to one upstream.
#pragma once

#include "shadowcat/sdk/gate.hpp"

#include "core/upstream/link_lease.hpp"
#include "core/upstream/upstream_metrics.hpp"

#include <memory>
#include <random>
#include <vector>

namespace shadowcat::core {

/// Watches the lives of links and closes those that nobody holds any more. Shared by the `Upstream`
/// and its leases, because a call may hold a lease for longer than the upstream is there.
class LinkRoster : public std::enable_shared_from_this<LinkRoster> {
public:
    /// Asking the system for a process's memory takes its time: so many links at a sweep.
    static constexpr std::size_t kMemoryChecks = 8;

    /// A link that has answered nothing for so long lets the next one start.
    static constexpr std::chrono::seconds kLongestStart = std::chrono::seconds(30);

    LinkRoster(sdk::Worker& worker, std::shared_ptr<UpstreamState> state,
               const UpstreamSettings& settings, sdk::Metrics& metrics)
        : worker_(worker),
          state_(std::move(state)),
          shared_(settings.isolation == Isolation::shared),
          pool_(settings.pool),
          metrics_(metrics, state_->name) {}

    sdk::Worker& worker() noexcept { return worker_; }
    UpstreamState& state() noexcept { return *state_; }
    UpstreamMetrics& metrics() noexcept { return metrics_; }
    const PoolSettings& pool() const noexcept { return pool_; }
    void apply(const PoolSettings& pool) { pool_ = pool; }

    /// What is being closed in the background.
    sdk::Gate& closing() noexcept { return closing_; }

    /// Retires what has served its time; closes what is idle, and shared links that are retired and
    /// unused. (A session decides itself when it can do without its own.)
    void sweep(sdk::TimePoint now);

    /// Ends every link in the background, calls on them too.
    void close_all();

    /// Nothing runs on the worker any more: links that are still held are simply destroyed later.
    void abandon() noexcept { abandoned_ = true; }

    // For leases.
    void enter(LinkLease& lease) { leases_.push_back(&lease); }
    void leave(LinkLease& lease) noexcept { std::erase(leases_, &lease); }
    void recycled(const LinkLease& lease, RecycleReason reason);
    void lost(const LinkLease& lease, const sdk::Error& error);

    /// Closes a link whose last holder has gone.
    void bury(std::unique_ptr<sdk::Link> link, std::shared_ptr<LinkRelay> relay,
              sdk::QuotaHold place);

    /// A start failed: at `Connector::open`, in its handshake, or soon after.
    void start_failed(const sdk::Error& error);

private:
    void check_memory(sdk::TimePoint now);
    static sdk::awaitable<> close_buried(std::shared_ptr<LinkRoster> self,
                                         std::unique_ptr<sdk::Link> link,
                                         std::shared_ptr<LinkRelay> relay, sdk::QuotaHold place,
                                         sdk::Gate::Pass pass);

    sdk::Worker& worker_;
    std::shared_ptr<UpstreamState>
        state_;  // shared by workers and whatever is left of the upstream
    const bool shared_;
    PoolSettings pool_;
    UpstreamMetrics metrics_;
    std::vector<LinkLease*> leases_;
    std::size_t next_checked_ = 0;
    sdk::Gate closing_;
    bool abandoned_ = false;
    std::minstd_rand random_ = std::minstd_rand(std::random_device{}());  // jitter
};

}  // namespace shadowcat::core
