// SPDX-License-Identifier: Apache-2.0
// The table of the upstreams' metrics.
#include "core/upstream/upstream_metrics.hpp"

#include <algorithm>
#include <string_view>

namespace shadowcat::core {

namespace {

/// The series of one upstream, with one more label where there is one.
class Table {
public:
    Table(sdk::Metrics& registry, const std::string& upstream)
        : registry_(registry), upstream_(upstream) {}

    sdk::Labels labels(const char* label, std::string_view value) const {
        sdk::Labels all = {{"upstream", upstream_}};
        if (*label != '\0') all.emplace_back(label, value);
        return all;
    }
    FollowedGauge links(std::string_view state) const {
        return FollowedGauge(registry_.gauge("shadowcat_upstream_links",
                                             "Connections (processes) of an upstream",
                                             labels("state", state)));
    }
    FollowedGauge waiting(std::string_view what) const {
        return FollowedGauge(registry_.gauge("shadowcat_upstream_waiting",
                                             "Who waits for a connection, or for a call's turn",
                                             labels("for", what)));
    }
    sdk::Histogram& wait(std::string_view what) const {
        return registry_.histogram("shadowcat_upstream_wait_seconds",
                                   "Waits for a connection or a call's turn, of those that had to",
                                   labels("for", what));
    }
    FollowedGauge gauge(const char* name, const char* help) const {
        return FollowedGauge(registry_.gauge(name, help, labels("", "")));
    }
    sdk::Counter& counter(const char* name, const char* help, const char* label = "",
                          std::string_view value = "") const {
        return registry_.counter(name, help, labels(label, value));
    }

private:
    sdk::Metrics& registry_;
    const std::string& upstream_;
};

}  // namespace

UpstreamMetrics::UpstreamMetrics(sdk::Metrics& registry, const std::string& upstream)
    : wait_for_link(Table(registry, upstream).wait("link")),
      wait_for_call(Table(registry, upstream).wait("call")),
      start_failures(Table(registry, upstream)
                         .counter("shadowcat_upstream_start_failures_total",
                                  "Connections that could not be opened or ended within 10 s")),
      ejections(Table(registry, upstream)
                    .counter("shadowcat_upstream_ejections_total", "Ejections for failed calls")),
      breaker_opened(Table(registry, upstream)
                         .counter("shadowcat_upstream_breaker_transitions_total",
                                  "Changes of the circuit breaker", "to", "open")),
      breaker_closed(Table(registry, upstream)
                         .counter("shadowcat_upstream_breaker_transitions_total",
                                  "Changes of the circuit breaker", "to", "closed")),
      open_(Table(registry, upstream).links("open")),
      spare_(Table(registry, upstream).links("spare")),
      starting_(Table(registry, upstream).links("starting")),
      waiting_for_link_(Table(registry, upstream).waiting("link")),
      waiting_for_call_(Table(registry, upstream).waiting("call")),
      calls_(Table(registry, upstream).gauge("shadowcat_upstream_calls", "Calls under way")),
      breaker_(Table(registry, upstream)
                   .gauge("shadowcat_upstream_breaker_state",
                          "The circuit breaker: 0 closed, 1 half-open, 2 open")) {
    for (std::size_t i = 0; i < recycled_.size(); ++i) {
        recycled_[i] = &Table(registry, upstream)
                            .counter("shadowcat_upstream_links_recycled_total",
                                     "Connections that had served their time", "reason",
                                     name(static_cast<RecycleReason>(i)));
    }
}

void UpstreamMetrics::follow(const UpstreamStatus& status) noexcept {
    const auto number = [](std::size_t value) { return static_cast<std::int64_t>(value); };
    open_.follow(number(status.open));
    spare_.follow(number(status.spares));
    starting_.follow(number(status.starting));
    waiting_for_link_.follow(number(status.waiting_for_link));
    waiting_for_call_.follow(number(status.waiting_for_call));
    calls_.follow(number(status.calls));
    breaker_.follow(status.breaker == BreakerPhase::closed      ? 0
                    : status.breaker == BreakerPhase::half_open ? 1
                                                                : 2);
}

}  // namespace shadowcat::core
