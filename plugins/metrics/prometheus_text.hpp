// SPDX-License-Identifier: Apache-2.0
// The metrics registry in the text format that Prometheus scrapes.
#pragma once

#include "shadowcat/sdk/metrics.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace shadowcat::metrics {

inline constexpr std::string_view kContentType = "text/plain; version=0.0.4; charset=utf-8";

/// One `# HELP` and `# TYPE` block per family, in the order given. Families without a series are
/// left out. Thread-safe.
std::string prometheus_text(const std::vector<sdk::MetricFamily>& families);

}  // namespace shadowcat::metrics
