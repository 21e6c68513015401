// SPDX-License-Identifier: Apache-2.0
// SplitMix64, seeded by what an operator chose.
#include "rules/sampling.hpp"

namespace shadowcat::intercept {

namespace {

constexpr std::uint64_t kGolden = 0x9E3779B97F4A7C15;

std::uint64_t mixed(std::uint64_t value) {
    value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
    value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
    return value ^ (value >> 31);
}

std::uint64_t hash_of(std::string_view text) {
    std::uint64_t hash = 0xCBF29CE484222325;
    for (const char c : text)
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3;
    return hash;
}

}  // namespace

Chance::Chance(std::uint64_t seed, std::string_view rule)
    : state_(mixed(seed + kGolden) ^ hash_of(rule)) {}

double Chance::next() noexcept {
    const std::uint64_t state = state_.fetch_add(kGolden, std::memory_order_relaxed) + kGolden;
    return static_cast<double>(mixed(state) >> 11) * 0x1p-53;
}

bool SamplingState::admit(const Sampling& sampling) noexcept {
    const std::uint64_t seen = seen_.fetch_add(1, std::memory_order_relaxed) + 1;
    if (seen % sampling.every != 0) return false;
    if (sampling.probability < 1 && chance_.next() >= sampling.probability) return false;
    return sampling.times == 0 || taken_.fetch_add(1, std::memory_order_relaxed) < sampling.times;
}

}  // namespace shadowcat::intercept
