// SPDX-License-Identifier: Apache-2.0
// StartBackoff: how long nothing is started after starts that failed.
#pragma once

#include "core/upstream/upstream_settings.hpp"

#include <atomic>
#include <mutex>

namespace shadowcat::core {

/// A link that ended by itself before this age counts as a failed start.
inline constexpr std::chrono::seconds kShortLife(10);

/// Doubles the pause with each failure in a row. Failures during a pause belong to starts from
/// before it and say nothing new: so a hundred processes that die together cost one pause, not a
/// hundred doublings, and a client whose request kills its own process costs the shortest. One per
/// upstream, thread-safe; the lock is only for failures and for the first success after one.
class StartBackoff {
public:
    /// A start failed. `chance`, in [0, 1), spreads the pause over the upper half of its length.
    void failed(sdk::TimePoint now, const PoolSettings& how, double chance) noexcept;

    /// A link served a call, or lived long: whatever failed before, starting works.
    void succeeded() noexcept;

    /// Nothing may start before this time.
    sdk::TimePoint paused_until() const noexcept { return sdk::TimePoint(until_.load()); }
    bool paused(sdk::TimePoint now) const noexcept { return now < paused_until(); }

    /// In a row.
    unsigned failures() const noexcept { return failures_.load(); }

private:
    std::mutex mutex_;  // guards changes; reading is one load
    std::atomic<sdk::Duration> until_{sdk::Duration(0)};
    std::atomic<unsigned> failures_{0};
};

}  // namespace shadowcat::core
