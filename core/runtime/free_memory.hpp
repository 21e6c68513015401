// SPDX-License-Identifier: Apache-2.0
// FreeMemory: what a burst of large messages leaves behind goes back to the system.
#pragma once

#include "shadowcat/sdk/asio.hpp"

#include <cstddef>

namespace shadowcat::core {

namespace sdk = shadowcat::sdk;

/// Of the whole process, so one is enough. Looks about once a second: the C library keeps what is
/// freed between blocks in use for ever.
class FreeMemory {
public:
    void on_tick(sdk::TimePoint now);

    /// Whether it is worth the time: `resident` bytes are the process's own, of which `used` are
    /// allocated.
    static bool is_worth(std::size_t resident, std::size_t used) noexcept {
        return resident > used + kMostKept;
    }

private:
    /// Enough for the next requests of usual size.
    static constexpr std::size_t kMostKept = std::size_t{8} << 20;

    sdk::TimePoint next_ = sdk::TimePoint::min();
};

}  // namespace shadowcat::core
