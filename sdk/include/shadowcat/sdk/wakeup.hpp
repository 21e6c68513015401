// SPDX-License-Identifier: Apache-2.0
// Wakeup: one coroutine waits, another part of the same worker resumes it.
#pragma once

#include "shadowcat/sdk/asio.hpp"

#include <boost/asio/any_completion_handler.hpp>

#include <optional>
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
    bool waiting() const noexcept { return handler_.has_value(); }

    /// Waits for the next `notify`. At most one waiter; not cancellable: end it with `notify`.
    awaitable<> wait() {
        return asio::async_initiate<const asio::use_awaitable_t<Executor>, void()>(Initiate(*this),
                                                                                   use_awaitable);
    }

    /// Resumes the waiter, if any, before it returns.
    void notify() {
        if (!handler_) return;
        auto handler = std::move(*handler_);
        handler_.reset();
        std::move(handler)();
    }

private:
    class Initiate {
    public:
        explicit Initiate(Wakeup& wakeup) : wakeup_(&wakeup) {}
        template <class Handler>
        void operator()(Handler&& handler) const {
            wakeup_->handler_.emplace(std::forward<Handler>(handler));
        }

    private:
        Wakeup* wakeup_;
    };

    std::optional<asio::any_completion_handler<void()>> handler_;
};

}  // namespace shadowcat::sdk::inline v1
