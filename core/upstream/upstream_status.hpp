// SPDX-License-Identifier: Apache-2.0
// UpstreamStatus: how one upstream is at a moment, for operators.
#pragma once

#include "core/upstream/circuit_breaker.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace shadowcat::core {

/// Whether and why an upstream is left out. The first that applies, in this order.
enum class UpstreamCondition : std::uint8_t {
    unhealthy,  ///< its health checks fail
    ejected,    ///< too many of its calls failed
    open,       ///< its circuit breaker is open
    half_open,  ///< its circuit breaker lets single calls try
    healthy
};

std::string_view name(UpstreamCondition condition) noexcept;

/// A copy; the numbers are of all workers.
class UpstreamStatus {
public:
    UpstreamStatus() = default;

    std::string name;
    UpstreamCondition condition = UpstreamCondition::healthy;
    std::chrono::system_clock::time_point since;  ///< of the condition
    std::string last_error;                       ///< empty: none yet
    std::chrono::system_clock::time_point last_error_at;
    BreakerPhase breaker = BreakerPhase::closed;
    std::chrono::milliseconds paused_for{0};  ///< until the next start, after failed ones

    std::size_t links = 0;     ///< open or being opened
    std::size_t open = 0;      ///< of these: in use
    std::size_t spares = 0;    ///< of these: ready for a session
    std::size_t starting = 0;  ///< of these: being opened
    std::size_t waiting_for_link = 0;
    std::size_t waiting_for_call = 0;
    std::size_t calls = 0;     ///< under way
    std::size_t sessions = 0;  ///< bound
    std::size_t crashes_total = 0;
};

}  // namespace shadowcat::core
