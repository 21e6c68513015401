// SPDX-License-Identifier: Apache-2.0
// Counts latencies in buckets that grow with them: every figure is within 1 % of the truth.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace bench {

/// Log-linear, as HdrHistogram's: each power of two is cut into 128 equal buckets, so a bucket is
/// at most 1/128 of its values wide. Values are nanoseconds up to 18 minutes; longer ones count
/// as that.
class Histogram {
public:
    Histogram();

    void record(std::uint64_t value);

    std::uint64_t count() const { return count_; }
    std::uint64_t max() const { return max_; }  ///< Exact.
    double mean() const;                        ///< Exact.

    /// The smallest bucket edge that at least `fraction` of the values don't exceed; never more
    /// than `max`. 0 when nothing was recorded.
    std::uint64_t percentile(double fraction) const;

    /// The highest value of each bucket that holds any, and how many it holds.
    std::vector<std::pair<std::uint64_t, std::uint64_t>> buckets() const;

    static std::size_t bucket_of(std::uint64_t value);
    static std::uint64_t highest_in(std::size_t bucket);

private:
    std::vector<std::uint64_t> counts_;
    std::uint64_t count_ = 0;
    std::uint64_t max_ = 0;
    double sum_ = 0;
};

}  // namespace bench
