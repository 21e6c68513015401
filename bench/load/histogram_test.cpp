// SPDX-License-Identifier: Apache-2.0
// The histogram's promise: no figure is more than 1 % off, whatever was recorded.
#include "histogram.hpp"

#include <doctest/doctest.h>

namespace {

using bench::Histogram;

TEST_CASE("a bucket's highest value is within 1 % of all its values, and buckets don't overlap") {
    for (std::uint64_t value = 0; value < (std::uint64_t{1} << 39); value += value / 97 + 1) {
        const std::size_t bucket = Histogram::bucket_of(value);
        const std::uint64_t highest = Histogram::highest_in(bucket);
        REQUIRE(highest >= value);
        REQUIRE(static_cast<double>(highest - value) <= 0.01 * static_cast<double>(value));
        REQUIRE(Histogram::bucket_of(highest) == bucket);
        REQUIRE(Histogram::bucket_of(highest + 1) == bucket + 1);
    }
}

TEST_CASE("percentiles of few values are those values") {
    Histogram histogram;
    CHECK(histogram.percentile(0.5) == 0);
    for (std::uint64_t value = 1; value <= 100; ++value)
        histogram.record(value);
    CHECK(histogram.percentile(0) == 1);
    CHECK(histogram.percentile(0.5) == 50);
    CHECK(histogram.percentile(0.99) == 99);
    CHECK(histogram.percentile(0.999) == 100);
    CHECK(histogram.percentile(1) == 100);
    CHECK(histogram.mean() == doctest::Approx(50.5));
}

TEST_CASE("one stall shows in the tail, as long as it was") {
    Histogram histogram;
    for (int i = 0; i < 998; ++i)
        histogram.record(50'000);
    histogram.record(1'000'000'000);
    histogram.record(1'000'000'000);
    CHECK(histogram.percentile(0.99) == doctest::Approx(50'000).epsilon(0.01));
    CHECK(histogram.percentile(0.999) == 1'000'000'000);
    CHECK(histogram.max() == 1'000'000'000);
}

TEST_CASE("buckets add up, and what is beyond the scale counts") {
    Histogram histogram;
    histogram.record(7);
    histogram.record(7);
    histogram.record(~std::uint64_t{0});
    const auto buckets = histogram.buckets();
    REQUIRE(buckets.size() == 2);
    CHECK(buckets[0] == std::pair<std::uint64_t, std::uint64_t>{7, 2});
    CHECK(buckets[1].second == 1);
    CHECK(histogram.count() == 3);
}

}  // namespace
