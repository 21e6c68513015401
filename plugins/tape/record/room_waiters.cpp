// SPDX-License-Identifier: Apache-2.0
// Waiting in a row.
#include "record/room_waiters.hpp"

namespace shadowcat::tape {

sdk::awaitable<> RoomWaiters::push(Entry entry) {
    const auto self = shared_from_this();
    const bool free = waiters_.empty() || stopped_;
    if (free && recorder_->push(entry) != EntryQueue::Pushed::full) co_return;
    if (stopped_) {
        recorder_->lose(entry);
        co_return;
    }
    const auto waiter = std::make_shared<Waiter>(std::move(entry));
    waiters_.push_back(waiter);
    has_waiters_ = true;
    try_again();  // there may be room since; whoever makes some from now on tells us
    if (waiter->done) co_return;
    co_await waiter->wakeup.wait();
}

void RoomWaiters::finish(Waiter& waiter) {
    waiter.done = true;
    waiter.wakeup.notify();
}

void RoomWaiters::try_again() {
    while (!waiters_.empty()) {
        const auto first = waiters_.front();
        if (recorder_->push(first->entry) == EntryQueue::Pushed::full) return;
        waiters_.pop_front();
        has_waiters_ = !waiters_.empty();
        finish(*first);
    }
}

void RoomWaiters::stop() {
    stopped_ = true;
    for (const auto& waiter : std::exchange(waiters_, {})) {
        if (recorder_->push(waiter->entry) == EntryQueue::Pushed::full)
            recorder_->lose(waiter->entry);
        finish(*waiter);
    }
    has_waiters_ = false;
}

}  // namespace shadowcat::tape
