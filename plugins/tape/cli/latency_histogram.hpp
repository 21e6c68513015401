// SPDX-License-Identifier: Apache-2.0
// LatencyHistogram: quantiles of any number of durations in a few kilobytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace shadowcat::tape {

/// Counts durations in buckets that are at most 1/32 wide (relative): quantiles are off by no more
/// than that. The greatest value is exact.
class LatencyHistogram {
public:
    void record(double ms);

    std::uint64_t count() const noexcept { return count_; }
    double max() const noexcept { return max_; }

    /// The duration that `q` (0 to 1) of all durations don't exceed; 0 when there are none.
    double quantile(double q) const;

private:
    static std::size_t bucket_of(std::uint64_t microseconds) noexcept;
    static double middle_of(std::size_t bucket) noexcept;

    std::vector<std::uint32_t> buckets_;
    std::uint64_t count_ = 0;
    double max_ = 0;
};

}  // namespace shadowcat::tape
