// SPDX-License-Identifier: Apache-2.0
// wait_for: waits for what other threads bring about, but never for ever.
#pragma once

#include <chrono>
#include <thread>

namespace shadowcat::http::testing {

/// False when `condition` did not come true within twenty seconds.
template <class Condition>
bool wait_for(Condition condition) {
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!condition()) {
        if (std::chrono::steady_clock::now() > limit) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return true;
}

}  // namespace shadowcat::http::testing
