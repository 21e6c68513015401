// SPDX-License-Identifier: Apache-2.0
// RetryBudget: how many retries an upstream gets, as a share of its requests.
#pragma once

#include "shadowcat/sdk/asio.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace shadowcat::core {

namespace sdk = shadowcat::sdk;

/// Counts requests and retries of the last ten seconds, so that retries never multiply the load of
/// an upstream that is in trouble. Shared by all workers without a lock; exact but for retries that
/// two workers ask for at the same moment.
class RetryBudget {
public:
    static constexpr std::size_t kSeconds = 10;
    static constexpr std::size_t kAlwaysAllowed = 3;  ///< within the window, whatever the share

    /// Counts a request (not its retries).
    void count_request(sdk::TimePoint now) noexcept { add(now, kOneRequest); }

    /// Takes one retry, unless the last ten seconds had `percent` of their requests already.
    bool try_retry(sdk::TimePoint now, std::size_t percent) noexcept;

private:
    // One cell is one second: its number (24 bits), its retries (16) and its requests (24).
    static constexpr std::uint64_t kOneRequest = 1;
    static constexpr std::uint64_t kOneRetry = std::uint64_t{1} << 24;
    static constexpr std::uint64_t kMaxRequests = kOneRetry - 1;
    static constexpr std::uint64_t kMaxRetries = 0xffff;

    void add(sdk::TimePoint now, std::uint64_t amount) noexcept;

    std::array<std::atomic<std::uint64_t>, kSeconds> cells_{};
};

}  // namespace shadowcat::core
