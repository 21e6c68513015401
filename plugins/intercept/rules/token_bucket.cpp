// SPDX-License-Identifier: Apache-2.0
// The arithmetic of rates.
#include "rules/token_bucket.hpp"

#include <algorithm>
#include <chrono>

namespace shadowcat::intercept {

std::optional<sdk::Duration> TokenBucket::take(double cost, sdk::TimePoint now) {
    using Seconds = std::chrono::duration<double>;
    const std::lock_guard lock(mutex_);
    if (!filled_) filled_ = now;
    const double elapsed = Seconds(std::max(now, *filled_) - *filled_).count();
    filled_ = std::max(now, *filled_);
    level_ = std::min(burst_, level_ + elapsed * rate_);
    const double left = level_ - cost;
    const Seconds wait(left < 0 ? -left / rate_ : 0);
    if (wait > Seconds(max_wait_)) return std::nullopt;
    level_ = left;
    return std::chrono::ceil<sdk::Duration>(wait);
}

}  // namespace shadowcat::intercept
