// SPDX-License-Identifier: Apache-2.0
// Backoff: how long to leave a collector alone that could not take data.
#pragma once

#include "shadowcat/sdk/asio.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>

namespace shadowcat::otlp {

/// Doubles from one second to half a minute, less up to half of it so that many proxies don't come
/// back at once. What the collector asked for (Retry-After) is waited instead, up to an hour.
class Backoff {
public:
    static constexpr std::chrono::milliseconds kFirst{1000};
    static constexpr std::chrono::milliseconds kLongest{30'000};
    static constexpr std::chrono::seconds kLongestAsked{3600};

    /// `chance` is any number: where in the second half of the time the wait lies.
    sdk::Duration next(std::optional<std::chrono::seconds> asked, std::uint32_t chance) {
        const auto full = std::min(kFirst * (1 << std::min(attempts_, 10U)), kLongest);
        ++attempts_;
        if (asked) return std::clamp(*asked, std::chrono::seconds(1), kLongestAsked);
        return full - full * static_cast<int>(chance % 1024) / 2048;
    }

    /// The collector answered for good.
    void reset() noexcept { attempts_ = 0; }

private:
    unsigned attempts_ = 0;
};

}  // namespace shadowcat::otlp
