// SPDX-License-Identifier: Apache-2.0
// BodyAllowance: what one request's body holds of the bytes that the process may hold in all.
#pragma once

#include "shadowcat/sdk/quota.hpp"

#include <cstdint>

namespace shadowcat::http {

using namespace shadowcat::sdk;

/// Grows with the body, is given back as a whole. Thread-safe as far as `Quota` is: it moves with
/// its connection from worker to worker.
class BodyAllowance {
public:
    /// Bodies up to this size overtake those who wait, so that a large one doesn't hold up many.
    static constexpr std::uint64_t kSmall = 4096;

    explicit BodyAllowance(Quota& quota) : quota_(quota) {}
    ~BodyAllowance() { release(); }
    BodyAllowance(const BodyAllowance&) = delete;
    BodyAllowance& operator=(const BodyAllowance&) = delete;

    /// Makes the allowance `bytes` if that needs no waiting.
    bool try_cover(std::uint64_t bytes) noexcept;

    /// The same, waiting on `here` for at most `limit`; false when it takes longer, more wait than
    /// may, or `interrupt` was called.
    awaitable<bool> cover(Worker& here, std::uint64_t bytes, Duration limit);

    /// Ends a wait; the waiter may run before this returns.
    void interrupt();

    void release() noexcept;

private:
    Quota& quota_;
    std::uint64_t held_ = 0;
    Cancellation* waiting_ = nullptr;
};

}  // namespace shadowcat::http
