// SPDX-License-Identifier: Apache-2.0
// The metrics registry and its snapshots.
#include "shadowcat/sdk/metrics.hpp"

#include <algorithm>
#include <stdexcept>

namespace shadowcat::sdk::inline v1 {

std::int64_t Cell::value() const noexcept {
    std::int64_t sum = 0;
    for (const Shard& shard : shards_)
        sum += shard.value.load(std::memory_order_relaxed);
    return sum;
}

void Histogram::observe(Duration elapsed) noexcept {
    const double seconds = std::chrono::duration<double>(elapsed).count();
    const auto bound = std::lower_bound(kBounds.begin(), kBounds.end(), seconds);
    Shard& shard = shards_[current_worker() % kMetricShards];
    shard.counts[static_cast<std::size_t>(bound - kBounds.begin())].fetch_add(
        1, std::memory_order_relaxed);
    shard.nanoseconds.fetch_add(
        std::chrono::duration_cast<std::chrono::nanoseconds>(elapsed).count(),
        std::memory_order_relaxed);
}

std::vector<std::uint64_t> Histogram::cumulative() const {
    std::vector<std::uint64_t> counts(kBounds.size() + 1, 0);
    for (const Shard& shard : shards_) {
        for (std::size_t i = 0; i < counts.size(); ++i) {
            counts[i] += shard.counts[i].load(std::memory_order_relaxed);
        }
    }
    for (std::size_t i = 1; i < counts.size(); ++i)
        counts[i] += counts[i - 1];
    return counts;
}

double Histogram::sum_seconds() const noexcept {
    std::int64_t sum = 0;
    for (const Shard& shard : shards_)
        sum += shard.nanoseconds.load(std::memory_order_relaxed);
    return static_cast<double>(sum) / 1e9;
}

class Metrics::Series {
public:
    explicit Series(Labels with) : labels(std::move(with)) {}

    Sample sample() const {
        Sample copy;
        copy.labels = labels;
        if (histogram) {
            copy.buckets = histogram->cumulative();
            copy.sum_seconds = histogram->sum_seconds();
        } else {
            copy.value = cell->value();
        }
        return copy;
    }

    Labels labels;
    std::unique_ptr<Cell> cell;
    std::unique_ptr<Histogram> histogram;
};

class Metrics::Family {
public:
    Family(MetricType kind, std::string_view called, std::string_view about)
        : type(kind), name(called), help(about) {}

    MetricType type;
    std::string name;
    std::string help;
    std::deque<Series> series;
};

Metrics::Metrics() = default;
Metrics::~Metrics() = default;

Metrics::Series& Metrics::find(MetricType type, std::string_view name, std::string_view help,
                               Labels labels) {
    auto family = std::ranges::find(families_, name, &Family::name);
    if (family == families_.end()) {
        family = families_.emplace(families_.end(), type, name, help);
    }
    if (family->type != type) throw std::logic_error("metric registered twice: " + family->name);
    auto series = std::ranges::find(family->series, labels, &Series::labels);
    if (series != family->series.end()) return *series;
    Series& fresh = family->series.emplace_back(std::move(labels));
    if (type == MetricType::histogram) {
        fresh.histogram = std::make_unique<Histogram>();
    } else {
        fresh.cell = std::make_unique<Cell>();
    }
    return fresh;
}

Counter& Metrics::counter(std::string_view name, std::string_view help, Labels labels) {
    const std::lock_guard lock(mutex_);
    return *find(MetricType::counter, name, help, std::move(labels)).cell;
}

Gauge& Metrics::gauge(std::string_view name, std::string_view help, Labels labels) {
    const std::lock_guard lock(mutex_);
    return *find(MetricType::gauge, name, help, std::move(labels)).cell;
}

Histogram& Metrics::histogram(std::string_view name, std::string_view help, Labels labels) {
    const std::lock_guard lock(mutex_);
    return *find(MetricType::histogram, name, help, std::move(labels)).histogram;
}

std::vector<MetricFamily> Metrics::snapshot() const {
    const std::lock_guard lock(mutex_);
    std::vector<MetricFamily> copy;
    for (const Family& family : families_) {
        MetricFamily& out = copy.emplace_back();
        out.name = family.name;
        out.help = family.help;
        out.type = family.type;
        for (const Series& series : family.series)
            out.samples.push_back(series.sample());
    }
    return copy;
}

}  // namespace shadowcat::sdk::inline v1
