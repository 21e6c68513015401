// SPDX-License-Identifier: Apache-2.0
// TokenBucket: how long a message must wait so that a rate is kept.
#pragma once

#include "shadowcat/sdk/asio.hpp"

#include <mutex>
#include <optional>

namespace shadowcat::intercept {

/// Fills with `rate` tokens a second up to `burst`; taking more than there is leaves a debt that
/// later takers wait for, so they go in the order of their coming. Thread-safe.
class TokenBucket {
public:
    TokenBucket(double rate, double burst, sdk::Duration max_wait)
        : rate_(rate), burst_(burst), max_wait_(max_wait), level_(burst) {}

    /// Takes `cost` tokens. Gives how long to wait first; nothing, and takes nothing, when that is
    /// longer than allowed. Times must not run backwards (smaller ones count as the latest).
    std::optional<sdk::Duration> take(double cost, sdk::TimePoint now);

    sdk::Duration max_wait() const noexcept { return max_wait_; }

private:
    const double rate_, burst_;
    const sdk::Duration max_wait_;
    std::mutex mutex_;
    double level_;
    std::optional<sdk::TimePoint> filled_;
};

}  // namespace shadowcat::intercept
