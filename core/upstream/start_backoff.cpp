// SPDX-License-Identifier: Apache-2.0
// The length of a pause.
#include "core/upstream/start_backoff.hpp"

#include <algorithm>

namespace shadowcat::core {

namespace {

sdk::Duration pause_after(unsigned failures, const PoolSettings& how, double chance) {
    const sdk::Duration longest = how.max_backoff;
    sdk::Duration pause = std::min<sdk::Duration>(how.min_backoff, longest);
    for (unsigned i = 1; i < failures && pause < longest; ++i)
        pause = std::min(pause * 2, longest);
    return std::chrono::duration_cast<sdk::Duration>(pause * (0.5 + chance / 2));
}

}  // namespace

void StartBackoff::failed(sdk::TimePoint now, const PoolSettings& how, double chance) noexcept {
    const std::lock_guard lock(mutex_);
    if (paused(now)) return;
    const unsigned failures = ++failures_;
    until_ = (now + pause_after(failures, how, chance)).time_since_epoch();
}

void StartBackoff::succeeded() noexcept {
    if (failures_.load() == 0) return;
    const std::lock_guard lock(mutex_);
    failures_ = 0;
    until_ = sdk::Duration(0);
}

}  // namespace shadowcat::core
