// SPDX-License-Identifier: Apache-2.0
// The limits of a link's life.
#include "core/upstream/link_life.hpp"

#include <array>

namespace shadowcat::core {

std::string_view name(RecycleReason reason) noexcept {
    constexpr std::array<std::string_view, 4> kNames = {"age", "requests", "memory", "idle"};
    return kNames[static_cast<std::size_t>(reason)];
}

std::optional<RecycleReason> LinkLife::served(sdk::TimePoint now, std::size_t resident,
                                              const PoolSettings& how) const noexcept {
    if (how.max_requests != 0 && calls_ >= how.max_requests) return RecycleReason::requests;
    if (how.max_age.count() != 0 && age(now) >= how.max_age) return RecycleReason::age;
    if (how.max_memory_bytes != 0 && resident >= how.max_memory_bytes) return RecycleReason::memory;
    return std::nullopt;
}

bool LinkLife::idle(sdk::TimePoint now, const PoolSettings& how) const noexcept {
    return how.idle_timeout.count() != 0 && in_flight_ == 0 && now - last_used_ >= how.idle_timeout;
}

}  // namespace shadowcat::core
