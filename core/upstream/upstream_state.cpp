// SPDX-License-Identifier: Apache-2.0
// An upstream's bounds and status.
#include "core/upstream/upstream_state.hpp"

#include <algorithm>
#include <array>

namespace shadowcat::core {

std::string_view name(UpstreamCondition condition) noexcept {
    constexpr std::array<std::string_view, 5> kNames = {"unhealthy", "ejected", "open", "half_open",
                                                        "healthy"};
    return kNames[static_cast<std::size_t>(condition)];
}

void UpstreamState::apply(const UpstreamSettings& how) {
    const auto bound = [](std::size_t limit) {
        return limit == 0 ? sdk::Quota::kUnlimited : limit;
    };
    links.resize(bound(how.pool.max_links), how.pool.max_waiting);
    calls.resize(bound(how.pool.max_inflight), how.pool.max_waiting);
    bytes.resize(bound(how.pool.max_inflight_bytes), how.pool.max_waiting);
    // Whoever waits there has a link's place already, so their number is bounded by those.
    starts.resize(bound(how.pool.max_starting), bound(how.pool.max_links));
    if (!how.breaker) breaker.reset();
    if (!how.outlier) outlier.lift();
}

UpstreamCondition UpstreamState::condition(sdk::TimePoint now) const noexcept {
    if (!healthy) return UpstreamCondition::unhealthy;
    if (outlier.ejected(now)) return UpstreamCondition::ejected;
    switch (breaker.phase(now)) {
        case BreakerPhase::open:
            return UpstreamCondition::open;
        case BreakerPhase::half_open:
            return UpstreamCondition::half_open;
        default:
            return UpstreamCondition::healthy;
    }
}

UpstreamStatus UpstreamState::status(sdk::TimePoint now) {
    UpstreamStatus status;
    status.name = name;
    status.condition = condition(now);
    status.breaker = breaker.phase(now);
    const sdk::Duration pause = std::max(backoff.paused_until() - now, sdk::Duration(0));
    status.paused_for = std::chrono::ceil<std::chrono::milliseconds>(pause);
    status.links = links.used();
    status.spares = spares;
    status.starting = starting;
    const std::size_t not_in_use = status.spares + status.starting;
    status.open = status.links - std::min(status.links, not_in_use);
    status.waiting_for_link = links.waiting() + starts.waiting();
    status.waiting_for_call = calls.waiting() + bytes.waiting();
    status.calls = in_flight;
    status.sessions = sessions;
    status.crashes_total = crashes_total;
    const std::lock_guard lock(mutex_);
    if (condition_ != status.condition) since_ = std::chrono::system_clock::now();
    condition_ = status.condition;
    status.since = since_;
    status.last_error = last_error_;
    status.last_error_at = last_error_at_;
    return status;
}

void UpstreamState::note_error(std::string text) {
    const std::lock_guard lock(mutex_);
    last_error_ = std::move(text);
    last_error_at_ = std::chrono::system_clock::now();
}

}  // namespace shadowcat::core
