// SPDX-License-Identifier: Apache-2.0
// The table of the engine's metrics.
#include "core/observe/proxy_metrics.hpp"

#include <array>

namespace shadowcat::core {

namespace {
constexpr std::array<const char*, 4> kOutcomes = {"result", "error", "failed", "cancelled"};
}

std::string_view name(Outcome outcome) noexcept {
    return kOutcomes[static_cast<std::size_t>(outcome)];
}

ProxyMetrics::ProxyMetrics(sdk::Metrics& registry)
    : in_flight(registry.gauge("shadowcat_requests_in_flight", "Client requests under way")),
      sessions(registry.gauge("shadowcat_sessions", "Live client sessions")),
      sessions_opened(
          registry.counter("shadowcat_sessions_opened_total", "Client sessions opened")),
      sessions_refused(registry.counter(
          "shadowcat_sessions_refused_total",
          "Client sessions not opened: too many, too little memory, or shutting down")),
      late_responses(registry.counter("shadowcat_client_responses_dropped_total",
                                      "Client responses that answered no pending server request")),
      dropped_notifications(registry.counter("shadowcat_notifications_dropped_total",
                                             "Server notifications dropped for want of a stream")),
      replayed(registry.counter("shadowcat_replayed_messages_total",
                                "Messages given to clients that resumed a stream")),
      replay_missed(registry.counter("shadowcat_replay_missed_total",
                                     "Events that a resumed stream should have had but which were "
                                     "no longer kept")),
      registry_(registry) {}

ProxyMetrics::Requests& ProxyMetrics::requests(const std::string& upstream) {
    return by_upstream_.try_emplace(upstream, upstream).first->second;
}

void ProxyMetrics::finished(Requests& requests, const mcp::Method& method, Outcome outcome,
                            sdk::Duration elapsed) {
    Requests::Method& series = requests.by_method_[mcp::index_of(method)];
    if (!series.duration) {
        resolve(series, method.name.empty() ? "other" : method.name, requests.upstream_);
    }
    series.outcomes[static_cast<std::size_t>(outcome)]->add();
    series.duration->observe(elapsed);
}

void ProxyMetrics::retry(const std::string& upstream, std::string_view what) {
    const sdk::Labels labels = {{"upstream", upstream}, {"outcome", std::string(what)}};
    registry_
        .counter("shadowcat_retries_total",
                 "Failed requests that another attempt might have helped, and what became of them",
                 labels)
        .add();
}

void ProxyMetrics::repaired(const std::string& upstream) {
    registry_
        .counter("shadowcat_sessions_repaired_total", "Client sessions initialised anew",
                 {{"upstream", upstream}})
        .add();
}

void ProxyMetrics::lost(const std::string& upstream, std::string_view reason) {
    const sdk::Labels labels = {{"upstream", upstream}, {"reason", std::string(reason)}};
    registry_
        .counter("shadowcat_sessions_lost_total",
                 "Client sessions ended because their upstream lost them", labels)
        .add();
}

void ProxyMetrics::resolve(Requests::Method& series, std::string_view method,
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
