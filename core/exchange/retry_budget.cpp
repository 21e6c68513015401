// SPDX-License-Identifier: Apache-2.0
// The sliding window of a retry budget.
#include "core/exchange/retry_budget.hpp"

#include <algorithm>
#include <chrono>

namespace shadowcat::core {

namespace {

constexpr std::uint64_t kNumberMask = 0xffffff;

/// 1, 2, …: never 0, which is what an untouched cell says.
std::uint64_t second_of(sdk::TimePoint now) {
    const auto seconds =
        std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
    return (static_cast<std::uint64_t>(seconds) + RetryBudget::kSeconds) & kNumberMask;
}

std::uint64_t number_of(std::uint64_t cell) { return cell >> 40; }
std::uint64_t retries_of(std::uint64_t cell) { return (cell >> 24) & 0xffff; }
std::uint64_t requests_of(std::uint64_t cell) { return cell & 0xffffff; }

}  // namespace

bool RetryBudget::try_retry(sdk::TimePoint now, std::size_t percent) noexcept {
    const std::uint64_t second = second_of(now);
    std::uint64_t requests = 0, retries = 0;
    for (const auto& each : cells_) {
        const std::uint64_t cell = each.load(std::memory_order_relaxed);
        if (((second - number_of(cell)) & kNumberMask) >= kSeconds) continue;
        requests += requests_of(cell);
        retries += retries_of(cell);
    }
    if (retries >= std::max<std::uint64_t>(kAlwaysAllowed, requests * percent / 100)) return false;
    add(now, kOneRetry);
    return true;
}

void RetryBudget::add(sdk::TimePoint now, std::uint64_t amount) noexcept {
    const std::uint64_t second = second_of(now);
    std::atomic<std::uint64_t>& cell = cells_[second % kSeconds];
    std::uint64_t old = cell.load(std::memory_order_relaxed);
    for (;;) {
        const std::uint64_t base = number_of(old) == second ? old : second << 40;
        const bool full = amount == kOneRequest ? requests_of(base) == kMaxRequests
                                                : retries_of(base) == kMaxRetries;
        if (full) return;
        if (cell.compare_exchange_weak(old, base + amount, std::memory_order_relaxed)) return;
    }
}

}  // namespace shadowcat::core
