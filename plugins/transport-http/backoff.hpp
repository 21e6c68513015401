// SPDX-License-Identifier: Apache-2.0
// Backoff: how long to wait before reconnecting to an event stream.
#pragma once

#include "shadowcat/sdk/asio.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>

namespace shadowcat::http {

/// Doubles from half a second to half a minute, less up to a quarter so that many sessions don't
/// come back at once. What the server asked for (`retry`) is always waited.
class Backoff {
public:
    static constexpr std::chrono::milliseconds kFirst{500};
    static constexpr std::chrono::milliseconds kLongest{30'000};
    static constexpr std::uint64_t kLongestRetryMs = 3'600'000;

    /// `chance` is any number: where in the last quarter the time lies.
    sdk::Duration next(std::optional<std::uint64_t> retry_ms, std::uint32_t chance) {
        const auto full = std::min(kFirst * (1 << std::min(attempts_, 10u)), kLongest);
        const bool first = attempts_++ == 0;
        const auto jittered = full - full * static_cast<int>(chance % 256) / 1024;
        if (!retry_ms) return jittered;
        const std::chrono::milliseconds asked(std::min(*retry_ms, kLongestRetryMs));
        return first ? asked : std::max(asked, jittered);
    }

    /// The stream gave something new.
    void reset() noexcept { attempts_ = 0; }

    unsigned attempts() const noexcept { return attempts_; }

private:
    unsigned attempts_ = 0;
};

}  // namespace shadowcat::http
