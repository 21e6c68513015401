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
    running_ = &metrics.gauge("shadowcat_children", "Child processes that exist at the moment",
                              {{"upstream", upstream}, {"state", "running"}});
    starts_ =
        &metrics.counter("shadowcat_child_starts_total", "Child processes started", of_upstream);
    for (std::size_t i = 0; i < kEndings; ++i) {
        exits_[i] =
            &metrics.counter("shadowcat_child_exits_total", "Child processes that have ended",
                             {{"upstream", upstream}, {"reason", name(Ending(i))}});
    }
    noise_ =
        &metrics.counter("shadowcat_stdout_noise_lines_total",
                         "Lines on a child's stdout that are not JSON-RPC messages", of_upstream);
    oversized_ = &metrics.counter("shadowcat_stdout_oversized_lines_total",
                                  "Lines on a child's stdout over the size limit", of_upstream);
}

void ChildMetrics::started() const noexcept {
    running_->add();
    starts_->add();
}

void ChildMetrics::ended(Ending ending) const noexcept {
    running_->subtract();
    exits_[static_cast<std::size_t>(ending)]->add();
}

}  // namespace shadowcat::transport_stdio
