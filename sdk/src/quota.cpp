// SPDX-License-Identifier: Apache-2.0
// The line of those who wait.
#include "shadowcat/sdk/quota.hpp"

#include "shadowcat/sdk/wakeup.hpp"

#include <boost/asio/post.hpp>

namespace shadowcat::sdk::inline v1 {

/// Everything but `state` belongs to the worker that waits.
class Quota::Waiter {
public:
    Waiter(Worker& on, std::uint64_t wanted) : worker(on), amount(wanted) {}

    Worker& worker;
    const std::uint64_t amount;
    bool granted = false;
    bool late = false;
    bool given_up = false;  // by the waiter, before it was granted
    Wakeup wakeup;
};

Quota::~Quota() = default;

bool Quota::grab(std::uint64_t amount) noexcept {
    std::uint64_t used = used_.load();
    while (used + amount <= limit_.load()) {
        if (used_.compare_exchange_weak(used, used + amount)) return true;
    }
    return false;
}

bool Quota::try_take(std::uint64_t amount) noexcept { return waiting_.load() == 0 && grab(amount); }

void Quota::give(std::uint64_t amount) noexcept {
    used_ -= amount;
    if (waiting_.load() != 0) admit();
}

void Quota::resize(std::uint64_t limit, std::size_t max_waiting) noexcept {
    limit_ = limit;
    max_waiting_ = max_waiting;
    if (waiting_.load() != 0) admit();
}

/// Grants from the front as long as there is room. Whoever enters the line counts itself before it
/// looks for room, and whoever gives looks for the line after it gave: one of the two sees the
/// other.
void Quota::admit() noexcept {
    const std::lock_guard lock(mutex_);
    while (!line_.empty() && grab(line_.front()->amount)) {
        const std::shared_ptr<Waiter> next = std::move(line_.front());
        line_.pop_front();
        --waiting_;
        asio::post(next->worker.context(), [this, next] {
            if (next->given_up) return give(next->amount);
            next->granted = true;
            next->wakeup.notify();
        });
    }
}

/// True when `waiter` was still in line.
bool Quota::withdraw(const std::shared_ptr<Waiter>& waiter) noexcept {
    const std::lock_guard lock(mutex_);
    const bool found = line_.remove(waiter) != 0;
    if (found) --waiting_;
    return found;
}

awaitable<Result<void>> Quota::take(Worker& here, std::uint64_t amount, Duration limit,
                                    Cancellation* cancellation) {
    if (try_take(amount)) co_return Result<void>();
    if (amount > limit_.load())
        co_return Error(ErrorCode::unavailable, "more than there is at all");
    const auto waiter = std::make_shared<Waiter>(here, amount);
    {
        const std::lock_guard lock(mutex_);
        if (line_.size() >= max_waiting_.load()) {
            co_return Error(ErrorCode::unavailable, "the queue is full");
        }
        ++waiting_;
        line_.push_back(waiter);
    }
    admit();
    Timer timer(here.context());
    timer.expires_after(limit);
    timer.async_wait([waiter](error_code stopped) {
        if (stopped) return;
        waiter->late = true;
        waiter->wakeup.notify();
    });
    const auto cancelled = [cancellation] { return cancellation && cancellation->requested(); };
    if (cancellation) cancellation->on_request([waiter] { waiter->wakeup.notify(); });
    while (!waiter->granted && !waiter->late && !cancelled())
        co_await waiter->wakeup.wait();
    if (cancellation) cancellation->on_request({});
    timer.cancel();
    if (waiter->granted) co_return Result<void>();
    waiter->given_up = true;
    withdraw(waiter);
    if (waiting_.load() != 0) admit();  // a smaller one behind it may fit
    if (cancelled()) co_return cancellation->reason();
    co_return Error(ErrorCode::timed_out, "waited too long in the queue");
}

}  // namespace shadowcat::sdk::inline v1
