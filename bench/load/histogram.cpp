// SPDX-License-Identifier: Apache-2.0
// A log-linear histogram of latencies.
#include "histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace bench {
namespace {

constexpr int kBits = 7;  // 128 buckets for each power of two
constexpr std::uint64_t kPerPower = std::uint64_t{1} << kBits;
constexpr std::uint64_t kHighest = (std::uint64_t{1} << 40) - 1;

}  // namespace

Histogram::Histogram() : counts_(bucket_of(kHighest) + 1) {}

std::size_t Histogram::bucket_of(std::uint64_t value) {
    if (value < kPerPower) return static_cast<std::size_t>(value);
    const int shift = std::bit_width(value) - (kBits + 1);
    return static_cast<std::size_t>(static_cast<std::uint64_t>(shift) * kPerPower +
                                    (value >> shift));
}

std::uint64_t Histogram::highest_in(std::size_t bucket) {
    if (bucket < kPerPower) return bucket;
    const std::uint64_t shift = bucket / kPerPower - 1;
    return ((bucket - shift * kPerPower + 1) << shift) - 1;
}

void Histogram::record(std::uint64_t value) {
    ++counts_[bucket_of(std::min(value, kHighest))];
    ++count_;
    sum_ += static_cast<double>(value);
    max_ = std::max(max_, value);
}

double Histogram::mean() const { return count_ == 0 ? 0 : sum_ / static_cast<double>(count_); }

std::uint64_t Histogram::percentile(double fraction) const {
    if (count_ == 0) return 0;
    const double wanted = std::max(1.0, std::ceil(fraction * static_cast<double>(count_) - 1e-9));
    std::uint64_t seen = 0;
    for (std::size_t bucket = 0; bucket < counts_.size(); ++bucket) {
        seen += counts_[bucket];
        if (static_cast<double>(seen) >= wanted) return std::min(highest_in(bucket), max_);
    }
    return max_;
}

std::vector<std::pair<std::uint64_t, std::uint64_t>> Histogram::buckets() const {
    std::vector<std::pair<std::uint64_t, std::uint64_t>> filled;
    for (std::size_t bucket = 0; bucket < counts_.size(); ++bucket) {
        if (counts_[bucket] > 0) filled.emplace_back(highest_in(bucket), counts_[bucket]);
    }
    return filled;
}

}  // namespace bench
