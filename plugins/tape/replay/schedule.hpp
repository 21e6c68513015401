// SPDX-License-Identifier: Apache-2.0
// Schedule: when what was recorded happens again.
#pragma once

#include "shadowcat/sdk/asio.hpp"

#include <chrono>
#include <cstdint>

namespace shadowcat::tape {

enum class Timing : std::uint8_t { recorded, instant };

/// Maps the tape's clock to ours. Times are absolute from one anchor, so that delays don't add up;
/// where the recording waited for its client the anchor moves to when ours has answered.
class Schedule {
public:
    /// What was recorded at `ts_ms` happens at `start`; `speed` 2 makes everything twice as fast.
    Schedule(Timing timing, double speed, sdk::TimePoint start, double ts_ms)
        : timing_(timing), speed_(speed), at_(start), ts_ms_(ts_ms) {}

    /// From now on: what was recorded at `ts_ms` happened at `now`.
    void anchor(sdk::TimePoint now, double ts_ms) {
        at_ = now;
        ts_ms_ = ts_ms;
    }

    /// When that is due which was recorded at `ts_ms`: with instant timing at once.
    sdk::TimePoint due(double ts_ms) const {
        if (timing_ == Timing::instant || ts_ms <= ts_ms_) return at_;
        const std::chrono::duration<double, std::milli> later((ts_ms - ts_ms_) / speed_);
        return at_ + std::chrono::duration_cast<sdk::Duration>(later);
    }

private:
    Timing timing_;
    double speed_;
    sdk::TimePoint at_;
    double ts_ms_;
};

}  // namespace shadowcat::tape
