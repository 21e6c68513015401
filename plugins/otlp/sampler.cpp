// SPDX-License-Identifier: Apache-2.0
// Compares trace ids with a threshold.
#include "sampler.hpp"

#include <charconv>
#include <cmath>

namespace shadowcat::otlp {

namespace {

constexpr std::size_t kRandomDigits = 14;
constexpr double kRange = 72057594037927936.0;  // 2^56

std::uint64_t randomness(std::string_view trace_id) noexcept {
    const std::string_view digits = trace_id.substr(trace_id.size() - kRandomDigits);
    std::uint64_t value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
    return value;
}

}  // namespace

Sampler::Sampler(double ratio, bool trust_parent)
    : threshold_(static_cast<std::uint64_t>(std::llround((1.0 - ratio) * kRange))),
      trust_parent_(trust_parent) {}

bool Sampler::takes(const sdk::ExchangeRecord& record) const noexcept {
    if (!record.trace.valid()) return false;
    const bool has_parent = record.parent_span[0] != '\0';
    if (has_parent && trust_parent_) return record.trace.sampled();
    if (!has_parent && !record.trace.sampled()) return false;
    return randomness(record.trace.trace_id()) >= threshold_;
}

}  // namespace shadowcat::otlp
