// SPDX-License-Identifier: Apache-2.0
// Sampling: which of the messages that match a rule it acts on.
#pragma once

#include <atomic>
#include <cstdint>
#include <string_view>

namespace shadowcat::intercept {

/// A row of numbers that look random and depend on the seed and the rule's name alone, so that
/// tests repeat. Thread-safe.
class Chance {
public:
    Chance(std::uint64_t seed, std::string_view rule);

    /// The next number of the row, in [0, 1).
    double next() noexcept;

private:
    std::atomic<std::uint64_t> state_;
};

/// `every`, `probability` and `times` of a rule, in this order.
class Sampling {
public:
    std::uint64_t every = 1;
    double probability = 1;
    std::uint64_t times = 0;  ///< 0: always
};

/// How far a rule has come, on all workers together. Lost when the rule's text changes.
class SamplingState {
public:
    SamplingState(std::uint64_t seed, std::string_view rule) : chance_(seed, rule) {}

    /// Counts a message that matches; true when the rule acts on it.
    bool admit(const Sampling& sampling) noexcept;

    Chance& chance() noexcept { return chance_; }

private:
    std::atomic<std::uint64_t> seen_{0};
    std::atomic<std::uint64_t> taken_{0};
    Chance chance_;
};

}  // namespace shadowcat::intercept
