// SPDX-License-Identifier: Apache-2.0
// Judging an interval's calls.
#include "core/upstream/outlier_ejection.hpp"

#include <algorithm>

namespace shadowcat::core {

void OutlierEjection::record(bool success) noexcept {
    calls_.fetch_add(1, std::memory_order_relaxed);
    if (!success) failures_.fetch_add(1, std::memory_order_relaxed);
}

bool OutlierEjection::judge(sdk::TimePoint now, const OutlierSettings& how,
                            bool may_eject) noexcept {
    if (now < interval_end_) return false;
    const bool first = interval_end_ == sdk::TimePoint();
    interval_end_ = now + how.interval;
    if (first) return false;
    const std::uint32_t failures = failures_.exchange(0);
    const std::uint32_t calls = calls_.exchange(0);
    if (ejected(now)) return false;
    if (!too_many(calls, failures, how)) {
        repeats_ -= repeats_ > 0 ? 1 : 0;
        return false;
    }
    if (!may_eject) return false;
    repeats_ = std::min(repeats_ + 1, kMaxRepeats);
    until_ = (now + how.eject_for * repeats_).time_since_epoch();
    return true;
}

bool OutlierEjection::too_many(std::uint32_t calls, std::uint32_t failures,
                               const OutlierSettings& how) const noexcept {
    return calls >= how.min_requests && failures > 0 &&
           std::uint64_t{failures} * 100 >= std::uint64_t{calls} * how.failure_percent;
}

bool may_eject_one_more(std::size_t out, std::size_t members, const OutlierSettings& how) noexcept {
    return (out + 1) * 100 <= members * how.max_ejected_percent;
}

}  // namespace shadowcat::core
