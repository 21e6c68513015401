// SPDX-License-Identifier: Apache-2.0
// What the HTTP listener counts.
#pragma once

#include "shadowcat/sdk/metrics.hpp"

#include "refusal.hpp"

#include <array>

namespace shadowcat::http {

/// Why a connection was ended that had nothing wrong but its client.
enum class Cut : std::uint8_t { not_reading, silent };

/// Looked up once; several listeners of a process share the series.
class ListenerMetrics {
public:
    explicit ListenerMetrics(Metrics& metrics);

    void opened() noexcept { connections_->add(); }
    void closed() noexcept { connections_->subtract(); }
    void responded(int status) noexcept {
        responses_[static_cast<std::size_t>(status / 100)]->add();
    }
    void cut_off(Cut why) noexcept { cuts_[static_cast<std::size_t>(why)]->add(); }
    void refused(Reason reason) noexcept { refusals_[static_cast<std::size_t>(reason)]->add(); }

private:
    Gauge* connections_;
    std::array<Counter*, 6> responses_;  // by the status's first digit
    std::array<Counter*, 2> cuts_;
    std::array<Counter*, static_cast<std::size_t>(Reason::count)> refusals_;
};

}  // namespace shadowcat::http
