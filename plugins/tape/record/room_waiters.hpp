// SPDX-License-Identifier: Apache-2.0
// RoomWaiters: messages of one worker that wait until the queue has room.
#pragma once

#include "shadowcat/sdk/wakeup.hpp"

#include "record/entry.hpp"
#include "record/recorder.hpp"

#include <atomic>
#include <deque>
#include <memory>
#include <utility>

namespace shadowcat::tape {

/// First come, first served. All members except `has_waiters` are the worker's.
class RoomWaiters : public std::enable_shared_from_this<RoomWaiters> {
public:
    explicit RoomWaiters(std::shared_ptr<Recorder> recorder) : recorder_(std::move(recorder)) {}

    /// Queues `entry`, at once or when there is room and its turn has come.
    sdk::awaitable<> push(Entry entry);

    /// There is room, perhaps.
    void try_again();

    /// Nobody waits any more: what has no room is lost, and counted.
    void stop();

    /// From any thread.
    bool has_waiters() const noexcept { return has_waiters_; }

private:
    class Waiter {
    public:
        explicit Waiter(Entry of) : entry(std::move(of)) {}
        Entry entry;
        sdk::Wakeup wakeup;
        bool done = false;
    };
    void finish(Waiter& waiter);

    std::shared_ptr<Recorder> recorder_;
    std::deque<std::shared_ptr<Waiter>> waiters_;
    std::atomic<bool> has_waiters_ = false;
    bool stopped_ = false;
};

}  // namespace shadowcat::tape
