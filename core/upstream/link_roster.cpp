// SPDX-License-Identifier: Apache-2.0
// Sweeping and burying links.
#include "core/upstream/link_roster.hpp"

#include "shadowcat/sdk/log.hpp"
#include "shadowcat/sdk/spawn.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>

namespace shadowcat::core {

void LinkRoster::sweep(sdk::TimePoint now) {
    if (pool_.max_memory_bytes != 0) check_memory(now);
    for (LinkLease* lease : leases_) {
        lease->judge(now, 0);
        if (lease->life().age(now) > kLongestStart) lease->release_start();
        if (lease->use() != LinkUse::client || !lease->alive() || !lease->unused()) continue;
        if (lease->retiring() ? shared_ : lease->expire_idle(now)) lease->close_later();
    }
}

void LinkRoster::check_memory(sdk::TimePoint now) {
    const std::size_t count = std::min(leases_.size(), kMemoryChecks);
    for (std::size_t i = 0; i < count; ++i) {
        LinkLease& lease = *leases_[next_checked_++ % leases_.size()];
        if (!lease.retiring()) lease.judge(now, lease.resident_bytes());
    }
}

void LinkRoster::close_all() {
    for (LinkLease* lease : leases_)
        lease->close_later();
}

void LinkRoster::recycled(const LinkLease& lease, RecycleReason reason) {
    metrics_.recycled(reason).add();
    sdk::log::info(
        "link served its time",
        {{"upstream", state_->name}, {"reason", name(reason)}, {"calls", lease.life().calls()}});
}

void LinkRoster::lost(const LinkLease& lease, const sdk::Error& error) {
    ++state_->crashes_total;
    if (lease.use() == LinkUse::spare) ++state_->crashes;  // others are counted by who is bound
    state_->note_error(error.message());
    const sdk::Duration age = worker_.now() - lease.life().opened_at();
    if (age < kShortLife) {
        start_failed(error);
    } else {
        state_->backoff.succeeded();
    }
}

void LinkRoster::start_failed(const sdk::Error& error) {
    metrics_.start_failures.add();
    state_->note_error(error.message());
    const double chance = std::uniform_real_distribution<double>(0.0, 1.0)(random_);
    state_->backoff.failed(sdk::Clock::now(), pool_, chance);
}

void LinkRoster::bury(std::unique_ptr<sdk::Link> link, std::shared_ptr<LinkRelay> relay,
                      sdk::QuotaHold place) {
    if (abandoned_) return link.reset();
    spawn_logged(worker_,
                 close_buried(shared_from_this(), std::move(link), std::move(relay),
                              std::move(place), closing_.enter()),
                 "link.bury");
}

sdk::awaitable<> LinkRoster::close_buried(std::shared_ptr<LinkRoster> self,
                                          std::unique_ptr<sdk::Link> link,
                                          std::shared_ptr<LinkRelay> relay, sdk::QuotaHold place,
                                          sdk::Gate::Pass pass) {
    const std::shared_ptr<LinkRoster> roster = std::move(self);
    const sdk::Gate::Pass inside = std::move(pass);
    const sdk::QuotaHold held = std::move(place);
    const std::shared_ptr<LinkRelay> ear = std::move(relay);
    const std::unique_ptr<sdk::Link> closing = std::move(link);
    co_await sdk::asio::post(roster->worker_.context(), sdk::use_awaitable);  // not in a destructor
    co_await closing->close();
}

}  // namespace shadowcat::core
