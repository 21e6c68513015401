// SPDX-License-Identifier: Apache-2.0
// The breaker's transitions.
#include "core/upstream/circuit_breaker.hpp"

#include <optional>

namespace shadowcat::core {

namespace {

// The word: what it is in the lower two bits, above them its number: how many failures in a row,
// the time in milliseconds from which a trial may go, or which trial is under way.
enum Kind : std::uint64_t { kClosed = 0, kOpen = 1, kTrial = 2 };
constexpr std::uint64_t kTrialIsDue = kOpen;  // since the beginning of time

std::uint64_t make_word(Kind kind, std::uint64_t number) { return number << 2 | kind; }
Kind kind_of(std::uint64_t word) { return static_cast<Kind>(word & 3); }
std::uint64_t number_of(std::uint64_t word) { return word >> 2; }

std::uint64_t milliseconds(sdk::TimePoint time) {
    return static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count());
}

bool due(std::uint64_t open_word, sdk::TimePoint now) {
    return milliseconds(now) >= number_of(open_word);
}

/// What `word` becomes by a result; nothing: it stays.
std::optional<std::uint64_t> after(std::uint64_t word, bool success, sdk::TimePoint now,
                                   const BreakerSettings& how) {
    const std::uint64_t opened = make_word(kOpen, milliseconds(now + how.open_for));
    if (kind_of(word) == kOpen && !due(word, now)) return std::nullopt;
    if (success) return word == 0 ? std::nullopt : std::optional(make_word(kClosed, 0));
    if (kind_of(word) != kClosed) return opened;
    const std::uint64_t failures = number_of(word) + 1;
    return failures >= how.failures ? opened : make_word(kClosed, failures);
}

}  // namespace

BreakerPhase CircuitBreaker::phase(sdk::TimePoint now) const noexcept {
    const std::uint64_t word = word_.load();
    if (kind_of(word) == kClosed) return BreakerPhase::closed;
    if (kind_of(word) == kTrial || due(word, now)) return BreakerPhase::half_open;
    return BreakerPhase::open;
}

bool CircuitBreaker::would_pass(sdk::TimePoint now) const noexcept {
    const std::uint64_t word = word_.load();
    return kind_of(word) == kClosed || (kind_of(word) == kOpen && due(word, now));
}

CircuitBreaker::Pass CircuitBreaker::try_pass(sdk::TimePoint now) noexcept {
    std::uint64_t word = word_.load();
    while (kind_of(word) == kOpen && due(word, now)) {
        const std::uint64_t trial = make_word(kTrial, ++trials_);
        if (word_.compare_exchange_weak(word, trial)) return Pass(true, trial);
    }
    return Pass(kind_of(word) == kClosed, 0);
}

void CircuitBreaker::give_back(std::uint64_t trial_word) noexcept {
    if (trial_word == 0) return;
    word_.compare_exchange_strong(trial_word, kTrialIsDue);
}

bool CircuitBreaker::record(bool success, sdk::TimePoint now, const BreakerSettings& how) noexcept {
    std::uint64_t word = word_.load();
    for (;;) {
        const std::optional<std::uint64_t> next = after(word, success, now, how);
        if (!next) return false;
        if (!word_.compare_exchange_weak(word, *next)) continue;
        return (kind_of(word) == kClosed) != (kind_of(*next) == kClosed);
    }
}

void CircuitBreaker::allow_trial() noexcept {
    std::uint64_t word = word_.load();
    while (kind_of(word) == kOpen && word != kTrialIsDue) {
        if (word_.compare_exchange_weak(word, kTrialIsDue)) return;
    }
}

sdk::TimePoint CircuitBreaker::open_until() const noexcept {
    const std::uint64_t word = word_.load();
    if (kind_of(word) != kOpen) return sdk::TimePoint();
    return sdk::TimePoint(std::chrono::milliseconds(number_of(word)));
}

}  // namespace shadowcat::core
