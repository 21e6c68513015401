// SPDX-License-Identifier: Apache-2.0
// What is counted about the child processes of one upstream.
#pragma once

#include "shadowcat/sdk/metrics.hpp"

#include <array>
#include <cstdint>

namespace shadowcat::transport_stdio {

/// Why a child is gone.
enum class Ending : std::uint8_t {
    closed,      ///< we closed its stdin, and it ended
    terminated,  ///< it needed SIGTERM
    killed,      ///< it needed SIGKILL
    exit,        ///< it ended by itself with code 0
    failure,     ///< it ended by itself with another code
    signal       ///< a signal that was not ours
};

inline constexpr std::size_t kEndings = 6;

/// What is counted as being there. From the moment that its end was asked for, or has begun, a
/// child is `stopping`, until all that it started is gone too.
enum class ChildState : std::uint8_t { none, running, stopping };

/// The value of the label `reason`.
const char* name(Ending ending) noexcept;

/// References to the series of one upstream, looked up once. Copied into what counts.
class ChildMetrics {
public:
    ChildMetrics(sdk::Metrics& metrics, const std::string& upstream);

    void started() const noexcept;
    void ended(Ending ending) const noexcept;
    void changed(ChildState from, ChildState to) const noexcept;
    void escaped(std::size_t processes) const noexcept;
    void noise_line() const noexcept { noise_->add(); }
    void oversized_line() const noexcept { oversized_->add(); }

private:
    sdk::Gauge* gauge(ChildState state) const noexcept;

    sdk::Gauge* running_;
    sdk::Gauge* stopping_;
    sdk::Counter* starts_;
    std::array<sdk::Counter*, kEndings> exits_;
    sdk::Counter* escaped_;
    sdk::Counter* noise_;
    sdk::Counter* oversized_;
};

}  // namespace shadowcat::transport_stdio
