// SPDX-License-Identifier: Apache-2.0
// TapeMetrics: what recording counts.
#pragma once

#include "shadowcat/sdk/metrics.hpp"

#include <atomic>
#include <cstdint>

namespace shadowcat::tape {

/// Thread-safe.
class TapeMetrics {
public:
    explicit TapeMetrics(sdk::Metrics& metrics)
        : frames_(metrics.counter("shadowcat_tape_frames_total", "Messages written to tapes")),
          bytes_(metrics.counter("shadowcat_tape_bytes_total", "Bytes written to tapes")),
          dropped_(metrics.counter("shadowcat_tape_dropped_total",
                                   "Messages and events that are missing on tapes")),
          errors_(metrics.counter("shadowcat_tape_write_errors_total",
                                  "Attempts to write to tapes that failed")) {}

    void frames(std::uint64_t count) { add(frames_, count); }
    void bytes(std::uint64_t count) { add(bytes_, count); }
    void dropped(std::uint64_t count) { add(dropped_, count); }
    void error() { add(errors_, 1); }

    /// The registry may be gone from now on.
    void abandon() noexcept { abandoned_ = true; }

private:
    void add(sdk::Counter& counter, std::uint64_t count) {
        if (!abandoned_) counter.add(static_cast<std::int64_t>(count));
    }

    sdk::Counter& frames_;
    sdk::Counter& bytes_;
    sdk::Counter& dropped_;
    sdk::Counter& errors_;
    std::atomic<bool> abandoned_ = false;
};

}  // namespace shadowcat::tape
