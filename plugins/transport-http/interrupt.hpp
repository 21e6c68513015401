// SPDX-License-Identifier: Apache-2.0
// Interrupt: stops one exchange with an upstream wherever it waits: for a turn, a socket or a
// timer.
#pragma once

#include "shadowcat/sdk/wakeup.hpp"

#include "upstream_connection.hpp"

#include <optional>
#include <vector>

namespace shadowcat::http {

/// Belongs to the coroutine that performs the exchange, which checks `requested` after every wait.
class Interrupt {
public:
    Interrupt() = default;
    Interrupt(const Interrupt&) = delete;
    Interrupt& operator=(const Interrupt&) = delete;

    /// The first reason counts. What is waited for ends; the waiter may run, and this object be
    /// gone, before this returns.
    void request(const Error& reason) {
        if (reason_) return;
        reason_ = reason;
        if (connection_) return connection_->stream.close();
        if (timer_) return (void)timer_->cancel();
        wakeup.notify();
    }

    bool requested() const noexcept { return reason_.has_value(); }
    const Error& reason() const noexcept { return *reason_; }

    /// Which connection to close; null for none.
    void guard(UpstreamConnection* connection) noexcept { connection_ = connection; }

    /// Waits; false when interrupted.
    awaitable<bool> sleep(const Executor& executor, Duration duration) {
        if (requested()) co_return false;
        Timer timer(executor, duration);
        timer_ = &timer;
        (void)co_await timer.async_wait(as_tuple);
        timer_ = nullptr;
        co_return !requested();
    }

    Wakeup wakeup;  ///< for any other wait, without a connection

private:
    friend class InterruptSet;

    std::optional<Error> reason_;
    UpstreamConnection* connection_ = nullptr;
    Timer* timer_ = nullptr;
    std::size_t slot_ = 0;
};

/// The interrupts of all that one link has under way.
class InterruptSet {
public:
    void add(Interrupt& interrupt) {
        interrupt.slot_ = members_.size();
        members_.push_back(&interrupt);
    }

    /// No effect on what is no member any more.
    void remove(Interrupt& interrupt) noexcept {
        if (interrupt.slot_ >= members_.size() || members_[interrupt.slot_] != &interrupt) return;
        members_[interrupt.slot_] = members_.back();
        members_[interrupt.slot_]->slot_ = interrupt.slot_;
        members_.pop_back();
    }

    std::size_t size() const noexcept { return members_.size(); }

    void request_all(const Error& reason) {
        while (!members_.empty()) {
            Interrupt& last = *members_.back();
            members_.pop_back();
            last.request(reason);  // may end it, and others
        }
    }

private:
    std::vector<Interrupt*> members_;
};

}  // namespace shadowcat::http
