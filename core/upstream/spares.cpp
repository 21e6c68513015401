// SPDX-License-Identifier: Apache-2.0
// Keeping links ready.
#include "core/upstream/spares.hpp"

#include "shadowcat/sdk/log.hpp"
#include "shadowcat/sdk/spawn.hpp"

#include <algorithm>

namespace shadowcat::core {

std::size_t share_of(std::size_t total, std::size_t rank, std::size_t workers) noexcept {
    if (workers == 0) return 0;
    return total / workers + (rank % workers < total % workers ? 1 : 0);
}

std::size_t Spares::share() const noexcept {
    return share_of(roster_->pool().min_idle, rank_, roster_->state().workers);
}

bool Spares::usable(const LinkLease& lease) const noexcept {
    return lease.alive() && !lease.retiring();
}

std::shared_ptr<LinkLease> Spares::take(sdk::TimePoint now) {
    std::shared_ptr<LinkLease> taken;
    while (!taken && !idle_.empty()) {
        const std::shared_ptr<LinkLease> oldest = idle_.front().lease;
        idle_.pop_front();
        const bool weigh = roster_->pool().max_memory_bytes != 0;
        oldest->judge(now, weigh ? oldest->resident_bytes() : 0);
        if (usable(*oldest)) taken = oldest;
    }
    if (taken) taken->hand_out();
    fill();
    return taken;
}

void Spares::sweep(sdk::TimePoint now) {
    for (const Spare& spare : idle_) {
        if (spare.lease->life().age(now) >= kSettling) spare.lease->release_start();
    }
    drop_unusable();
    make_room();
    fill();
}

void Spares::drop_unusable() {
    std::erase_if(idle_, [this](const Spare& spare) { return !usable(*spare.lease); });
    while (idle_.size() > share())
        idle_.pop_front();
}

/// One place for each who waits; theirs may be on another worker.
void Spares::make_room() {
    for (std::size_t waiting = roster_->state().links.waiting(); waiting > 0; --waiting) {
        if (idle_.empty()) return;
        idle_.pop_front();
    }
}

void Spares::fill() {
    while (!stopping_ && idle_.size() + opening_.inside() < share()) {
        if (!open_another()) return;
    }
}

bool Spares::open_another() {
    UpstreamState& state = roster_->state();
    if (!state.links.try_take()) return false;
    auto lease =
        std::make_shared<LinkLease>(roster_, sdk::QuotaHold(state.links, 1), LinkUse::spare);
    if (!opener_.try_turn(*lease)) return false;
    spawn_logged(roster_->worker(), open_one(*this, std::move(lease), opening_.enter()),
                 "spare.open");
    return true;
}

sdk::awaitable<> Spares::open_one(Spares& self, std::shared_ptr<LinkLease> lease,
                                  sdk::Gate::Pass pass) {
    const sdk::Gate::Pass inside = std::move(pass);
    const Counted starting(self.roster_->state().starting);
    const auto opened = co_await self.opener_.open(std::move(lease));
    const bool wanted = opened.has_value() && self.usable(**opened) && !self.stopping_;
    if (wanted) self.idle_.emplace_back(*opened, self.roster_->state());
}

sdk::awaitable<> Spares::stop() {
    stopping_ = true;
    idle_.clear();
    co_await opening_.empty();
}

}  // namespace shadowcat::core
