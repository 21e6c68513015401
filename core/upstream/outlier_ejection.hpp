// SPDX-License-Identifier: Apache-2.0
// OutlierEjection: leaves an upstream alone that fails more often than it may.
#pragma once

#include "core/upstream/upstream_settings.hpp"

#include <atomic>
#include <cstdint>

namespace shadowcat::core {

/// Counts calls of all workers and is judged once an interval, by one worker. Each ejection in a
/// row lasts longer; an interval without one shortens the next again.
class OutlierEjection {
public:
    /// An ejection lasts at most so many times the configured one.
    static constexpr unsigned kMaxRepeats = 10;

    /// How a call ended; on any worker.
    void record(bool success) noexcept;

    bool ejected(sdk::TimePoint now) const noexcept { return now < ejected_until(); }
    sdk::TimePoint ejected_until() const noexcept { return sdk::TimePoint(until_.load()); }

    /// Judges the interval, if it is over. `may_eject`: the group can spare this upstream. True
    /// when the upstream was ejected now. Always by the same worker.
    bool judge(sdk::TimePoint now, const OutlierSettings& how, bool may_eject) noexcept;

    /// Ends an ejection: a probe went well, or nothing is configured any more.
    void lift() noexcept { until_ = sdk::Duration(0); }

private:
    bool too_many(std::uint32_t calls, std::uint32_t failures,
                  const OutlierSettings& how) const noexcept;

    std::atomic<std::uint32_t> calls_{0}, failures_{0};
    std::atomic<sdk::Duration> until_{sdk::Duration(0)};
    sdk::TimePoint interval_end_;  // of the judging worker, as the next
    unsigned repeats_ = 0;
};

/// Whether one more of `members` may be out when `out` are.
bool may_eject_one_more(std::size_t out, std::size_t members, const OutlierSettings& how) noexcept;

}  // namespace shadowcat::core
