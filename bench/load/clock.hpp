// SPDX-License-Identifier: Apache-2.0
// The one clock of the load generator.
#pragma once

#include <chrono>
#include <cstdint>

namespace bench {

using Clock = std::chrono::steady_clock;
using Time = Clock::time_point;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;

inline std::uint64_t nanoseconds_between(Time from, Time to) {
    return to > from ? static_cast<std::uint64_t>((to - from).count()) : 0;
}

inline nanoseconds seconds_of(double seconds) {
    return nanoseconds(static_cast<std::int64_t>(seconds * 1e9));
}

/// For poll and epoll: rounded up, so that the deadline has passed when they return; never
/// negative.
inline int milliseconds_until(Time deadline) {
    const Time now = Clock::now();
    if (deadline <= now) return 0;
    return static_cast<int>(std::chrono::ceil<milliseconds>(deadline - now).count());
}

}  // namespace bench
