// SPDX-License-Identifier: Apache-2.0
// Occurrence: something that happens once, and that several coroutines of one worker wait for.
#pragma once

#include "shadowcat/sdk/asio.hpp"

#include <vector>

namespace shadowcat::transport_stdio {

class Occurrence {
public:
    explicit Occurrence(sdk::Executor executor) : executor_(executor) {}
    Occurrence(const Occurrence&) = delete;
    Occurrence& operator=(const Occurrence&) = delete;

    bool happened() const noexcept { return happened_; }

    /// Lets everybody go on, soon.
    void happen();

    /// Waits at most `limit`; true when it has happened.
    sdk::awaitable<bool> wait(sdk::Duration limit);

private:
    sdk::Executor executor_;
    std::vector<sdk::Timer*> waiting_;  // they live in the waiters' frames
    bool happened_ = false;
};

}  // namespace shadowcat::transport_stdio
