// SPDX-License-Identifier: Apache-2.0
// run_until: runs a worker's loop in a test until something is so, but never for ever.
#pragma once

#include "shadowcat/sdk/worker.hpp"

#include <chrono>

namespace shadowcat::otlp::testing {

/// False when `condition` did not come true within twenty seconds.
template <class Condition>
bool run_until(sdk::Worker& worker, Condition condition) {
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!condition()) {
        if (std::chrono::steady_clock::now() > limit) return false;
        worker.context().restart();
        worker.context().run_one_for(std::chrono::milliseconds(20));
    }
    return true;
}

}  // namespace shadowcat::otlp::testing
