// SPDX-License-Identifier: Apache-2.0
// Names and help of the series, and counting.
#include "child_metrics.hpp"

namespace shadowcat::transport_stdio {

const char* name(Ending ending) noexcept {
    static constexpr std::array<const char*, kEndings> kNames = {"closed", "terminated", "killed",
                                                                 "exit",   "failure",    "signal"};
    return kNames[static_cast<std::size_t>(ending)];
}

ChildMetrics::ChildMetrics(sdk::Metrics& metrics, const std::string& upstream) {
    const sdk::Labels of_upstream = {{"upstream", upstream}};
    const auto children = [&](const char* state) {
        return &metrics.gauge("shadowcat_children", "Child processes that exist at the moment",
                              {{"upstream", upstream}, {"state", state}});
    };
    running_ = children("running");
    stopping_ = children("stopping");
    starts_ =
        &metrics.counter("shadowcat_child_starts_total", "Child processes started", of_upstream);
    for (std::size_t i = 0; i < kEndings; ++i) {
        exits_[i] =
            &metrics.counter("shadowcat_child_exits_total", "Child processes that have ended",
                             {{"upstream", upstream}, {"reason", name(Ending(i))}});
    }
    escaped_ = &metrics.counter("shadowcat_child_escapees_total",
                                "Processes that had left a child's group and were ended after it",
                                of_upstream);
    noise_ =
        &metrics.counter("shadowcat_stdout_noise_lines_total",
                         "Lines on a child's stdout that are not JSON-RPC messages", of_upstream);
    oversized_ = &metrics.counter("shadowcat_stdout_oversized_lines_total",
                                  "Lines on a child's stdout over the size limit", of_upstream);
}

void ChildMetrics::started() const noexcept { starts_->add(); }

sdk::Gauge* ChildMetrics::gauge(ChildState state) const noexcept {
    if (state == ChildState::none) return nullptr;
    return state == ChildState::running ? running_ : stopping_;
}

void ChildMetrics::changed(ChildState from, ChildState to) const noexcept {
    if (sdk::Gauge* left = gauge(from)) left->subtract();
    if (sdk::Gauge* entered = gauge(to)) entered->add();
}

void ChildMetrics::escaped(std::size_t processes) const noexcept {
    escaped_->add(static_cast<std::int64_t>(processes));
}

void ChildMetrics::ended(Ending ending) const noexcept {
    exits_[static_cast<std::size_t>(ending)]->add();
}

}  // namespace shadowcat::transport_stdio
