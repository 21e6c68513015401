// SPDX-License-Identifier: Apache-2.0
// HealthJudge: thresholds over probe outcomes, and when the next probe is due.
#pragma once

#include "shadowcat/sdk/asio.hpp"

#include <algorithm>
#include <chrono>

namespace shadowcat::core {

namespace sdk = shadowcat::sdk;

class HealthPolicy {
public:
    sdk::Duration interval = std::chrono::seconds(10);
    sdk::Duration timeout = std::chrono::seconds(5);
    unsigned healthy_after = 2;
    unsigned unhealthy_after = 3;
};

/// Counts probe outcomes; a pure function of their sequence.
class HealthJudge {
public:
    /// Between probes of an upstream that seems to come back, or is asked for by a request.
    static constexpr std::chrono::seconds kSoon = std::chrono::seconds(1);

    explicit HealthJudge(const HealthPolicy& policy) : policy_(policy) {}

    bool healthy() const noexcept { return healthy_; }

    /// Takes one outcome; true when it changed the verdict.
    bool record(bool success) noexcept {
        successes_ = success ? successes_ + 1 : 0;
        failures_ = success ? 0 : failures_ + 1;
        const bool before = healthy_;
        if (!healthy_ && successes_ >= policy_.healthy_after) healthy_ = true;
        if (healthy_ && failures_ >= policy_.unhealthy_after) healthy_ = false;
        return healthy_ != before;
    }

    /// How long after this probe the next is due: soon when it was good but not yet enough, so that
    /// an upstream is back within one interval after it returned; or when somebody `wished` for it.
    sdk::Duration next(bool wished) const noexcept {
        const bool recovering = !healthy_ && successes_ > 0;
        const sdk::Duration soon = std::min<sdk::Duration>(policy_.interval, kSoon);
        return recovering || wished ? soon : policy_.interval;
    }

private:
    HealthPolicy policy_;
    bool healthy_ = true;
    unsigned successes_ = 0;
    unsigned failures_ = 0;
};

}  // namespace shadowcat::core
