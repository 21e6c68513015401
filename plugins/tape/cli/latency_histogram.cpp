// SPDX-License-Identifier: Apache-2.0
// Log-linear buckets: 32 for every power of two.
#include "cli/latency_histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace shadowcat::tape {

namespace {

constexpr unsigned kLinearBits = 5;
constexpr std::uint64_t kLinear = 1u << kLinearBits;
constexpr double kMaxMilliseconds = 1e12;

}  // namespace

std::size_t LatencyHistogram::bucket_of(std::uint64_t microseconds) noexcept {
    if (microseconds < kLinear) return microseconds;
    const auto shift = static_cast<unsigned>(std::bit_width(microseconds)) - kLinearBits - 1;
    return (shift + 1) * kLinear + (microseconds >> shift) - kLinear;
}

double LatencyHistogram::middle_of(std::size_t bucket) noexcept {
    if (bucket < kLinear) return double(bucket) / 1000;
    const std::size_t shift = bucket / kLinear - 1;
    const auto low = (std::uint64_t(bucket % kLinear) + kLinear) << shift;
    return (double(low) + double(std::uint64_t{1} << shift) / 2) / 1000;
}

void LatencyHistogram::record(double ms) {
    ms = ms > 0 ? std::min(ms, kMaxMilliseconds) : 0;
    const std::size_t bucket = bucket_of(static_cast<std::uint64_t>(ms * 1000));
    if (bucket >= buckets_.size()) buckets_.resize(bucket + 1);
    ++buckets_[bucket];
    ++count_;
    max_ = std::max(max_, ms);
}

double LatencyHistogram::quantile(double q) const {
    if (count_ == 0) return 0;
    const auto rank =
        std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::ceil(q * double(count_))));
    std::uint64_t seen = 0;
    for (std::size_t bucket = 0; bucket < buckets_.size(); ++bucket) {
        seen += buckets_[bucket];
        if (seen >= rank) return std::min(middle_of(bucket), max_);
    }
    return max_;
}

}  // namespace shadowcat::tape
