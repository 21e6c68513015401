// SPDX-License-Identifier: Apache-2.0
// Metrics: counters, gauges and histograms, one cache line per worker, read as snapshots.
#pragma once

#include "shadowcat/sdk/asio.hpp"
#include "shadowcat/sdk/export.hpp"
#include "shadowcat/sdk/worker.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace shadowcat::sdk::inline v1 {

using Labels = std::vector<std::pair<std::string, std::string>>;

/// Workers beyond this share a shard (still correct, only slower).
inline constexpr std::size_t kMetricShards = 16;

/// A value that only the calling worker's shard is touched for; `value` sums. Thread-safe, no
/// locks. Counters only `add`; gauges also `subtract`.
class SHADOWCAT_API Cell {
public:
    void add(std::int64_t amount = 1) noexcept {
        shards_[current_worker() % kMetricShards].value.fetch_add(amount,
                                                                  std::memory_order_relaxed);
    }
    void subtract(std::int64_t amount = 1) noexcept { add(-amount); }
    std::int64_t value() const noexcept;

private:
    class alignas(64) Shard {
    public:
        std::atomic<std::int64_t> value{0};
    };
    std::array<Shard, kMetricShards> shards_;
};

using Counter = Cell;
using Gauge = Cell;

/// Durations in buckets of seconds: 50 µs … 60 s. Thread-safe, no locks.
class SHADOWCAT_API Histogram {
public:
    static constexpr std::array<double, 16> kBounds = {
        0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01,
        0.025,   0.05,   0.1,     0.25,   1.0,   5.0,    15.0,  60.0};

    void observe(Duration elapsed) noexcept;

    /// Cumulative counts per bound, then of all; and the sum in seconds.
    std::vector<std::uint64_t> cumulative() const;
    double sum_seconds() const noexcept;

private:
    class alignas(64) Shard {
    public:
        std::array<std::atomic<std::uint64_t>, kBounds.size() + 1> counts{};
        std::atomic<std::int64_t> nanoseconds{0};
    };
    std::array<Shard, kMetricShards> shards_;
};

enum class MetricType : std::uint8_t { counter, gauge, histogram };

/// A copy of one time series at one moment.
class Sample {
public:
    Labels labels;
    std::int64_t value = 0;              ///< counter, gauge
    std::vector<std::uint64_t> buckets;  ///< histogram, cumulative, the last is the count
    double sum_seconds = 0;              ///< histogram
};

/// A copy of all series of one name.
class MetricFamily {
public:
    std::string name;
    std::string help;
    MetricType type = MetricType::counter;
    std::vector<Sample> samples;
};

/// The registry. Series are looked up once, at start or when a label value first appears, and then
/// used through the returned reference, which stays valid for the registry's life. Names follow
/// `shadowcat_<noun>_<unit>`. Thread-safe: look-up locks, use doesn't.
class SHADOWCAT_API Metrics {
public:
    Metrics();
    ~Metrics();

    /// Finds or makes a series. The first call for a name fixes its help and type; a later call
    /// with another type throws `std::logic_error`.
    Counter& counter(std::string_view name, std::string_view help, Labels labels = {});
    Gauge& gauge(std::string_view name, std::string_view help, Labels labels = {});
    Histogram& histogram(std::string_view name, std::string_view help, Labels labels = {});

    /// A consistent-enough copy for exposition, families in order of first registration.
    std::vector<MetricFamily> snapshot() const;

private:
    class Series;
    class Family;
    Series& find(MetricType type, std::string_view name, std::string_view help, Labels labels);

    mutable std::mutex mutex_;
    std::deque<Family> families_;
};

}  // namespace shadowcat::sdk::inline v1
