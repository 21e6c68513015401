// SPDX-License-Identifier: Apache-2.0
// Maps our families to prometheus-cpp's and lets it write them.
#include "prometheus_text.hpp"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <sstream>

namespace shadowcat::metrics {

namespace {

prometheus::MetricType to_prometheus(sdk::MetricType type) {
    switch (type) {
        case sdk::MetricType::counter:
            return prometheus::MetricType::Counter;
        case sdk::MetricType::gauge:
            return prometheus::MetricType::Gauge;
        case sdk::MetricType::histogram:
            return prometheus::MetricType::Histogram;
    }
    return prometheus::MetricType::Untyped;
}

void fill_histogram(const sdk::Sample& from, prometheus::ClientMetric::Histogram& to) {
    for (std::size_t i = 0; i < sdk::Histogram::kBounds.size(); ++i)
        to.bucket.push_back({from.buckets.at(i), sdk::Histogram::kBounds[i]});
    to.sample_count = from.buckets.back();
    to.sample_sum = from.sum_seconds;
}

prometheus::ClientMetric to_prometheus(sdk::MetricType type, const sdk::Sample& sample) {
    prometheus::ClientMetric metric;
    for (const auto& [name, value] : sample.labels)
        metric.label.push_back({name, value});
    const auto value = static_cast<double>(sample.value);
    if (type == sdk::MetricType::counter) metric.counter.value = value;
    if (type == sdk::MetricType::gauge) metric.gauge.value = value;
    if (type == sdk::MetricType::histogram) fill_histogram(sample, metric.histogram);
    return metric;
}

/// prometheus-cpp escapes the values of labels, but not help.
std::string escaped(const std::string& help) {
    std::string out;
    for (const char c : help) {
        if (c == '\n') {
            out += "\\n";
        } else {
            out += c == '\\' ? "\\\\" : std::string(1, c);
        }
    }
    return out;
}

prometheus::MetricFamily to_prometheus(const sdk::MetricFamily& family) {
    prometheus::MetricFamily out;
    out.name = family.name;
    out.help = escaped(family.help);
    out.type = to_prometheus(family.type);
    for (const sdk::Sample& sample : family.samples)
        out.metric.push_back(to_prometheus(family.type, sample));
    return out;
}

}  // namespace

std::string prometheus_text(const std::vector<sdk::MetricFamily>& families) {
    std::vector<prometheus::MetricFamily> out;
    for (const sdk::MetricFamily& family : families)
        if (!family.samples.empty()) out.push_back(to_prometheus(family));
    std::ostringstream text;
    prometheus::TextSerializer().Serialize(text, out);
    return std::move(text).str();
}

}  // namespace shadowcat::metrics
