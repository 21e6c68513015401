// SPDX-License-Identifier: Apache-2.0
// The table of the listener's series.
#include "listener_metrics.hpp"

namespace shadowcat::http {

ListenerMetrics::ListenerMetrics(Metrics& metrics)
    : connections_(&metrics.gauge("shadowcat_http_connections", "Open client connections")),
      responses_{},
      cuts_{} {
    for (std::size_t digit = 2; digit < responses_.size(); ++digit) {
        Labels labels{{"status", std::to_string(digit) + "xx"}};
        responses_[digit] =
            &metrics.counter("shadowcat_http_responses_total",
                             "Answers to clients, by class of status", std::move(labels));
    }
    responses_[0] = responses_[1] = responses_[5];  // never used, never null
    constexpr std::array<const char*, 2> kCuts = {"not_reading", "silent"};
    for (std::size_t index = 0; index < cuts_.size(); ++index) {
        Labels labels{{"reason", kCuts[index]}};
        cuts_[index] = &metrics.counter("shadowcat_http_cut_off_total",
                                        "Connections of clients that did not read, or vanished",
                                        std::move(labels));
    }
    for (std::size_t index = 0; index < refusals_.size(); ++index) {
        Labels labels{{"reason", std::string(name(static_cast<Reason>(index)))}};
        refusals_[index] =
            &metrics.counter("shadowcat_http_refused_total",
                             "Requests that the listener refused, by reason", std::move(labels));
    }
}

}  // namespace shadowcat::http
