// SPDX-License-Identifier: Apache-2.0
// Wakeup: one coroutine waits, another part of the same worker resumes it.
#pragma once

#include "shadowcat/sdk/asio.hpp"

#include <utility>

namespace shadowcat::sdk::inline v1 {

/// A single-waiter, single-threaded event. `notify` resumes the waiter *inside* the call: the order
/// in which messages arrive is the order in which their receivers run, at no cost of a queue. So a
/// caller of `notify` must expect that anything may have happened when it returns.
class Wakeup {
public:
    Wakeup() = default;
    Wakeup(const Wakeup&) = delete;
    Wakeup& operator=(const Wakeup&) = delete;

    /// True while a coroutine waits.
    bool waiting() const noexcept { return static_cast<bool>(waiting_); }

    /// To be awaited.
    class Wait {
    public:
        explicit Wait(Wakeup& wakeup) noexcept : wakeup_(&wakeup) {}
        bool await_ready() const noexcept { return false; }
        template <std::derived_from<Promise> Parent>
        void await_suspend(std::coroutine_handle<Parent> parent) const noexcept {
            wakeup_->waiting_ = Waiting(parent.promise().flow(), parent);
        }
        void await_resume() const noexcept {}

    private:
        Wakeup* wakeup_;
    };

    /// Waits for the next `notify`. At most one waiter; not cancellable: end it with `notify`.
    [[nodiscard]] Wait wait() noexcept { return Wait(*this); }

    /// Resumes the waiter, if any, before it returns.
    void notify() {
        if (!waiting_) return;
        Waiting waiting = std::move(waiting_);
        waiting();
    }

private:
    Waiting waiting_;
};

}  // namespace shadowcat::sdk::inline v1
