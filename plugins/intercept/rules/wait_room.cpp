// SPDX-License-Identifier: Apache-2.0
// Timers, and one look at all who wait per tick.
#include "rules/wait_room.hpp"

namespace shadowcat::intercept {

/// Keeps a guest in the list for as long as it lives.
class WaitRoom::Stay {
public:
    Stay(std::shared_ptr<WaitRoom> room, sdk::Timer& timer, sdk::Cancellation* cancellation)
        : room_(std::move(room)),
          guest_(room_->guests_.emplace(room_->guests_.end(), timer, cancellation)) {
        if (!room_->tick_)
            room_->tick_ = room_->worker_.every_tick([room = room_.get()](auto) { room->sweep(); });
    }
    Stay(const Stay&) = delete;
    Stay& operator=(const Stay&) = delete;
    ~Stay() {
        room_->guests_.erase(guest_);
        if (room_->guests_.empty()) room_->tick_.reset();
    }

    bool cancelled() const noexcept { return guest_->cancelled(); }

private:
    std::shared_ptr<WaitRoom> room_;
    std::list<Guest>::iterator guest_;
};

sdk::awaitable<WaitRoom::End> WaitRoom::wait(sdk::Duration time, sdk::Cancellation* cancellation) {
    if (released_) co_return End::released;
    if (cancellation && cancellation->requested()) co_return End::cancelled;
    if (guests_.size() >= capacity_) co_return End::full;
    sdk::Timer timer(worker_.executor());
    timer.expires_after(time);
    const std::shared_ptr<WaitRoom> self = shared_from_this();
    const Stay stay(self, timer, cancellation);
    co_await timer.async_wait(sdk::as_tuple);
    if (stay.cancelled()) co_return End::cancelled;
    co_return self->released_ ? End::released : End::elapsed;
}

void WaitRoom::release_all() noexcept {
    released_ = true;
    for (const Guest& guest : guests_)
        guest.timer.cancel();
}

void WaitRoom::sweep() {
    for (const Guest& guest : guests_)
        if (guest.cancelled()) guest.timer.cancel();
}

}  // namespace shadowcat::intercept
