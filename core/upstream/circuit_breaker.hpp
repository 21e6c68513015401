// SPDX-License-Identifier: Apache-2.0
// CircuitBreaker: leaves an upstream alone that fails again and again.
#pragma once

#include "core/upstream/upstream_settings.hpp"

#include <atomic>
#include <cstdint>

namespace shadowcat::core {

enum class BreakerPhase : std::uint8_t { closed, open, half_open };

/// Closed: calls pass, failures in a row are counted. Open: none pass until a time. From then on
/// half-open: one call at a time passes as a trial; its success closes, its failure opens again.
/// Shared by all workers: the whole state is one atomic word. Times are given, so that it is a pure
/// function of what it is told.
class CircuitBreaker {
public:
    /// What passing cost: a trial that has to be given back, or nothing.
    class Pass {
    public:
        Pass() = default;
        Pass(bool may, std::uint64_t trial) : allowed(may), trial_word(trial) {}

        bool allowed = false;
        std::uint64_t trial_word = 0;  ///< 0: no trial
    };

    BreakerPhase phase(sdk::TimePoint now) const noexcept;

    /// Whether `try_pass` would let a call through.
    bool would_pass(sdk::TimePoint now) const noexcept;

    /// Lets a call through, perhaps as the trial.
    Pass try_pass(sdk::TimePoint now) noexcept;

    /// A trial has ended; if nobody told how, the next call is one.
    void give_back(std::uint64_t trial_word) noexcept;

    /// How a call ended. While open (before its time) results of earlier calls say nothing new.
    /// True when it changed between open and closed.
    bool record(bool success, sdk::TimePoint now, const BreakerSettings& how) noexcept;

    /// A probe went well: the next call may be a trial.
    void allow_trial() noexcept;

    /// Closed, whatever was: no breaker is configured any more.
    void reset() noexcept { word_ = 0; }

    /// When an open breaker lets a trial through.
    sdk::TimePoint open_until() const noexcept;

private:
    std::atomic<std::uint64_t> word_{0};
    std::atomic<std::uint64_t> trials_{0};  // told apart, so that none is given back for another
};

}  // namespace shadowcat::core
