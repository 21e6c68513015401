// SPDX-License-Identifier: Apache-2.0
// opentelemetry/proto/metrics/v1/metrics.proto, in JSON.
#include "metrics_json.hpp"

#include "otlp_json.hpp"

#include <algorithm>

namespace shadowcat::otlp {

using sdk::Json;

namespace {

constexpr int kCumulative = 2;  // AGGREGATION_TEMPORALITY_CUMULATIVE

const char* kind_of(sdk::MetricType type) {
    switch (type) {
        case sdk::MetricType::counter:
            return "sum";
        case sdk::MetricType::gauge:
            return "gauge";
        case sdk::MetricType::histogram:
            break;
    }
    return "histogram";
}

Json attributes_of(const sdk::Labels& labels) {
    Json attributes = Json::array();
    for (const auto& [name, value] : labels)
        attributes.push_back(text_attribute(name, value));
    return attributes;
}

/// Each bucket by itself, where the registry adds them up.
Json bucket_counts(const std::vector<std::uint64_t>& cumulative) {
    Json counts = Json::array();
    std::uint64_t before = 0;
    for (const std::uint64_t sum : cumulative) {
        counts.push_back(number_text(static_cast<std::int64_t>(sum - std::min(sum, before))));
        before = sum;
    }
    return counts;
}

void fill_histogram(const sdk::Sample& sample, Json& point) {
    const std::uint64_t count = sample.buckets.empty() ? 0 : sample.buckets.back();
    point["count"] = number_text(static_cast<std::int64_t>(count));
    point["sum"] = sample.sum_seconds;
    point["bucketCounts"] = bucket_counts(sample.buckets);
    point["explicitBounds"] = sdk::Histogram::kBounds;
}

}  // namespace

std::string_view unit_of(std::string_view metric) {
    if (metric.ends_with("_total")) metric.remove_suffix(6);
    if (metric.ends_with("_seconds")) return "s";
    return metric.ends_with("_bytes") ? "By" : "";
}

MetricsEncoder::MetricsEncoder(std::vector<sdk::MetricFamily> families, std::string resource,
                               std::string scope, Time start, Time now)
    : families_(std::move(families)),
      resource_(std::move(resource)),
      scope_(std::move(scope)),
      start_(time_text(start)),
      now_(time_text(now)) {}

std::optional<std::string> MetricsEncoder::next() {
    std::string metrics;
    std::size_t room = kMaxPoints;
    while (family_ < families_.size() && room > 0) {
        const std::string metric = next_metric(room);
        if (!metric.empty()) metrics.append(metrics.empty() ? "" : ",").append(metric);
    }
    if (metrics.empty()) return std::nullopt;
    return R"({"resourceMetrics":[{"resource":)" + resource_ + R"(,"scopeMetrics":[{"scope":)" +
           scope_ + R"(,"metrics":[)" + metrics + "]}]}]}";
}

/// As much of the present family as fits.
std::string MetricsEncoder::next_metric(std::size_t& room) {
    const sdk::MetricFamily& family = families_[family_];
    const std::size_t begin = sample_;
    const std::size_t end = std::min(family.samples.size(), begin + room);
    sample_ = end == family.samples.size() ? 0 : end;
    family_ += end == family.samples.size();
    room -= end - begin;
    if (begin == end) return {};
    Json metric = {{"name", family.name}, {"description", family.help}};
    if (const auto unit = unit_of(family.name); !unit.empty()) metric["unit"] = unit;
    metric[kind_of(family.type)] = data_of(family, begin, end);
    return json_text(metric);
}

Json MetricsEncoder::data_of(const sdk::MetricFamily& family, std::size_t begin,
                             std::size_t end) const {
    Json points = Json::array();
    for (std::size_t i = begin; i < end; ++i)
        points.push_back(point_of(family, family.samples[i]));
    Json data = Json::object({{"dataPoints", std::move(points)}});
    if (family.type != sdk::MetricType::gauge) data["aggregationTemporality"] = kCumulative;
    if (family.type == sdk::MetricType::counter) data["isMonotonic"] = true;
    return data;
}

Json MetricsEncoder::point_of(const sdk::MetricFamily& family, const sdk::Sample& sample) const {
    Json point = {{"timeUnixNano", now_}};
    if (!sample.labels.empty()) point["attributes"] = attributes_of(sample.labels);
    if (family.type != sdk::MetricType::gauge) point["startTimeUnixNano"] = start_;
    if (family.type == sdk::MetricType::histogram)
        fill_histogram(sample, point);
    else
        point["asInt"] = number_text(sample.value);
    return point;
}

}  // namespace shadowcat::otlp
