// SPDX-License-Identifier: Apache-2.0
// Turnstile: lets the coroutines of one worker through one at a time, in the order they came.
#pragma once

#include "shadowcat/sdk/wakeup.hpp"

#include <list>

namespace shadowcat::core {

namespace sdk = shadowcat::sdk;

/// Whoever passed `enter` calls `leave`. Outlives whoever is inside or waits.
class Turnstile {
public:
    sdk::awaitable<> enter() {
        if (!busy_) {
            busy_ = true;
            co_return;
        }
        waiting_.emplace_back();
        sdk::Wakeup& mine = waiting_.back();
        co_await mine.wait();
    }

    /// The next one runs before this returns.
    void leave() {
        if (waiting_.empty()) {
            busy_ = false;
            return;
        }
        std::list<sdk::Wakeup> next;
        next.splice(next.begin(), waiting_, waiting_.begin());
        next.front().notify();
    }

private:
    bool busy_ = false;
    std::list<sdk::Wakeup> waiting_;
};

}  // namespace shadowcat::core
