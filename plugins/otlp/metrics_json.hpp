// SPDX-License-Identifier: Apache-2.0
// MetricsEncoder: a snapshot of the registry as OTLP/JSON requests of bounded size.
#pragma once

#include "shadowcat/sdk/config.hpp"
#include "shadowcat/sdk/metrics.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace shadowcat::otlp {

/// Hands out `ExportMetricsServiceRequest`s one by one, so that the worker can do other things
/// between two. A family with many series may go on in the next.
class MetricsEncoder {
public:
    using Time = std::chrono::system_clock::time_point;

    /// Data points of one request. 256 histograms are about 200 KiB.
    static constexpr std::size_t kMaxPoints = 256;

    /// `resource` and `scope` are JSON texts. Cumulative values count from `start`; `now` is when
    /// the snapshot was taken.
    MetricsEncoder(std::vector<sdk::MetricFamily> families, std::string resource, std::string scope,
                   Time start, Time now);

    /// The next request; nothing when all is said.
    std::optional<std::string> next();

private:
    std::string next_metric(std::size_t& room);
    sdk::Json data_of(const sdk::MetricFamily& family, std::size_t begin, std::size_t end) const;
    sdk::Json point_of(const sdk::MetricFamily& family, const sdk::Sample& sample) const;

    std::vector<sdk::MetricFamily> families_;
    std::string resource_, scope_;
    std::string start_, now_;
    std::size_t family_ = 0;  // where `next` goes on
    std::size_t sample_ = 0;
};

/// UCUM's word for what a metric of this name counts: `s`, `By`, or nothing.
std::string_view unit_of(std::string_view metric);

}  // namespace shadowcat::otlp
