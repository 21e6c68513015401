// SPDX-License-Identifier: Apache-2.0
// Quota: a bounded amount of something that all workers share, and a line of those who wait for it.
#pragma once

#include "shadowcat/sdk/asio.hpp"
#include "shadowcat/sdk/cancellation.hpp"
#include "shadowcat/sdk/export.hpp"
#include "shadowcat/sdk/result.hpp"
#include "shadowcat/sdk/worker.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>

namespace shadowcat::sdk::inline v1 {

/// Places, calls, bytes: `take` before, `give` afterwards. First come, first served: while somebody
/// waits nobody overtakes. Taking and giving is one atomic step each; the lock is only for those
/// who have to wait and those who let them go on. Thread-safe. Outlives everybody who waits.
class SHADOWCAT_API Quota {
public:
    static constexpr std::uint64_t kUnlimited = ~std::uint64_t{0} / 2;

    /// At most `limit` at a time, `max_waiting` in the line.
    explicit Quota(std::uint64_t limit = kUnlimited, std::size_t max_waiting = 0)
        : limit_(limit), max_waiting_(max_waiting) {}
    ~Quota();
    Quota(const Quota&) = delete;
    Quota& operator=(const Quota&) = delete;

    /// Takes `amount` if it is free and nobody waits. More than the whole limit is never free.
    bool try_take(std::uint64_t amount = 1) noexcept;

    /// Takes `amount` over the limit too: for what can't be refused any more.
    void take_anyway(std::uint64_t amount = 1) noexcept { used_ += amount; }

    /// Takes `amount`, waiting for at most `limit` in line; completes on `here`, where it is
    /// called. Fails with `unavailable` when the line is full (or the amount exceeds the limit),
    /// with `timed_out`, or with the reason of `cancellation`, whose callback it uses meanwhile
    /// (null: none).
    awaitable<Result<void>> take(Worker& here, std::uint64_t amount, Duration limit,
                                 Cancellation* cancellation = nullptr);

    /// Gives back, and lets those in front of the line go on.
    void give(std::uint64_t amount = 1) noexcept;

    /// New bounds. Who has taken keeps; who waits may go on.
    void resize(std::uint64_t limit, std::size_t max_waiting) noexcept;

    std::uint64_t limit() const noexcept { return limit_.load(); }
    std::uint64_t used() const noexcept { return used_.load(); }
    std::size_t waiting() const noexcept { return waiting_.load(); }

    /// Whether `try_take(amount)` would succeed now.
    bool has_room(std::uint64_t amount = 1) const noexcept {
        return waiting() == 0 && used() + amount <= limit();
    }

private:
    class Waiter;

    bool grab(std::uint64_t amount) noexcept;
    void admit() noexcept;
    bool withdraw(const std::shared_ptr<Waiter>& waiter) noexcept;

    std::atomic<std::uint64_t> limit_;
    std::atomic<std::size_t> max_waiting_;
    std::atomic<std::uint64_t> used_{0};
    std::atomic<std::size_t> waiting_{0};
    std::mutex mutex_;  // guards line_
    // shared: a waiter's frame and the post that wakes it both refer to it
    std::list<std::shared_ptr<Waiter>> line_;
};

/// Holds an amount of a quota and gives it back. Movable.
class QuotaHold {
public:
    QuotaHold() = default;

    /// Takes over what was taken.
    QuotaHold(Quota& quota, std::uint64_t amount) noexcept : quota_(&quota), amount_(amount) {}
    QuotaHold(QuotaHold&& other) noexcept : quota_(other.quota_), amount_(other.amount_) {
        other.quota_ = nullptr;
    }
    QuotaHold& operator=(QuotaHold&& other) noexcept {
        if (this == &other) return *this;
        release();
        quota_ = std::exchange(other.quota_, nullptr);
        amount_ = other.amount_;
        return *this;
    }
    ~QuotaHold() { release(); }

    explicit operator bool() const noexcept { return quota_ != nullptr; }
    std::uint64_t amount() const noexcept { return quota_ ? amount_ : 0; }

    void release() noexcept {
        if (quota_) std::exchange(quota_, nullptr)->give(amount_);
    }

private:
    Quota* quota_ = nullptr;
    std::uint64_t amount_ = 0;
};

}  // namespace shadowcat::sdk::inline v1
