// SPDX-License-Identifier: Apache-2.0
// LinkLife: how old a link is, what it has served, and whether that is enough.
#pragma once

#include "core/upstream/upstream_settings.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace shadowcat::core {

/// Why a link that could go on is replaced or closed.
enum class RecycleReason : std::uint8_t { age, requests, memory, idle, count };

std::string_view name(RecycleReason reason) noexcept;

/// A pure account of one link; times are given.
class LinkLife {
public:
    LinkLife() = default;

    void opened(sdk::TimePoint now) noexcept { opened_ = last_used_ = now; }
    /// `counts`: towards `max_requests`; a handshake doesn't.
    void call_begun(sdk::TimePoint now, bool counts = true) noexcept {
        calls_ += counts ? 1 : 0;
        ++in_flight_;
        last_used_ = now;
    }
    void call_ended(sdk::TimePoint now) noexcept {
        --in_flight_;
        last_used_ = now;
    }

    sdk::TimePoint opened_at() const noexcept { return opened_; }
    sdk::Duration age(sdk::TimePoint now) const noexcept { return now - opened_; }
    std::size_t calls() const noexcept { return calls_; }
    std::size_t in_flight() const noexcept { return in_flight_; }

    /// Why the link has served its time; nothing while it hasn't. `resident` is in bytes, 0
    /// unknown.
    std::optional<RecycleReason> served(sdk::TimePoint now, std::size_t resident,
                                        const PoolSettings& how) const noexcept;

    /// Without a call for longer than it may be.
    bool idle(sdk::TimePoint now, const PoolSettings& how) const noexcept;

private:
    sdk::TimePoint opened_, last_used_;
    std::size_t calls_ = 0, in_flight_ = 0;
};

}  // namespace shadowcat::core
