// SPDX-License-Identifier: Apache-2.0
// The table of the engine's metrics.
#include "core/observe/proxy_metrics.hpp"

#include "core/mcp/methods.hpp"

#include <array>

namespace shadowcat::core {

namespace {
constexpr std::array<const char*, 4> kOutcomes = {"result", "error", "failed", "cancelled"};
}

ProxyMetrics::ProxyMetrics(sdk::Metrics& registry)
    : in_flight(registry.gauge("shadowcat_requests_in_flight", "Client requests under way")),
      sessions(registry.gauge("shadowcat_sessions", "Live client sessions")),
      sessions_opened(
          registry.counter("shadowcat_sessions_opened_total", "Client sessions opened")),
      late_responses(registry.counter("shadowcat_client_responses_dropped_total",
                                      "Client responses that answered no pending server request")),
      dropped_notifications(registry.counter("shadowcat_notifications_dropped_total",
                                             "Server notifications dropped for want of a stream")),
      registry_(registry) {}

void ProxyMetrics::finished(std::string_view method, const std::string& upstream, Outcome outcome,
                            sdk::Duration elapsed) {
    std::vector<MethodSeries>& all = by_upstream_[upstream];
    if (all.empty()) all.resize(mcp::methods().size());
    const std::size_t index = mcp::method_index(method);
    MethodSeries& series = all[index];
    if (!series.duration) {
        const std::string_view known = mcp::methods()[index].name;
        resolve(series, known.empty() ? "other" : known, upstream);
    }
    series.outcomes[static_cast<std::size_t>(outcome)]->add();
    series.duration->observe(elapsed);
}

void ProxyMetrics::resolve(MethodSeries& series, std::string_view method,
                           const std::string& upstream) {
    const sdk::Labels labels = {{"method", std::string(method)}, {"upstream", upstream}};
    series.duration = &registry_.histogram("shadowcat_request_duration_seconds",
                                           "Time from a client's request to its response", labels);
    for (std::size_t i = 0; i < kOutcomes.size(); ++i) {
        sdk::Labels with_outcome = labels;
        with_outcome.emplace_back("outcome", kOutcomes[i]);
        series.outcomes[i] = &registry_.counter("shadowcat_requests_total",
                                                "Client requests finished", with_outcome);
    }
}

}  // namespace shadowcat::core
