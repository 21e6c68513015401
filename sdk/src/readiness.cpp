// SPDX-License-Identifier: Apache-2.0
// Events in, waiters out.
#include "shadowcat/sdk/readiness.hpp"

#include "poller.hpp"

#include <boost/asio/post.hpp>

#include <sys/epoll.h>

#include <memory>

namespace shadowcat::sdk::inline v1 {

/// Ends a wait when its time is over, unless it has ended before.
class Readiness::Expiry {
public:
    Expiry(Readiness& readiness, For what, std::shared_ptr<const bool> over) noexcept
        : readiness_(&readiness), alive_(readiness.alive_), over_(std::move(over)), what_(what) {}

    void operator()(const error_code& stopped) const {
        if (stopped || *over_ || alive_.expired()) return;
        readiness_->end(what_, asio::error::timed_out);
    }

private:
    Readiness* readiness_;
    std::weak_ptr<const bool> alive_;
    std::shared_ptr<const bool> over_;
    For what_;
};

/// The other end of an Expiry, in the frame that waits.
class LimitedWait {
public:
    LimitedWait() : over_(std::make_shared<bool>(false)) {}
    LimitedWait(const LimitedWait&) = delete;
    LimitedWait& operator=(const LimitedWait&) = delete;
    ~LimitedWait() { *over_ = true; }

    std::shared_ptr<const bool> over() const { return over_; }

private:
    std::shared_ptr<bool> over_;
};

Readiness::Readiness(const Executor& executor, int descriptor, error_code& failed)
    : poller_(asio::use_service<Poller>(executor.context())),
      executor_(executor),
      descriptor_(descriptor) {
    failed = poller_.add(*this);
    if (failed) descriptor_ = -1;
}

Readiness::~Readiness() {
    if (destroyed_) *destroyed_ = true;
    cancel();
    if (descriptor_ >= 0) poller_.remove(*this);
}

void Readiness::suspend(For what, Waiting waiting, error_code& outcome) noexcept {
    Side& mine = side(what);
    mine.waiting = std::move(waiting);
    mine.outcome = &outcome;
    poller_.wait_begun();
}

void Readiness::happened(std::uint32_t events) {
    const bool broken = (events & (EPOLLHUP | EPOLLERR)) != 0;
    Side& input = side(For::reading);
    Side& output = side(For::writing);
    input.over = input.over || broken || (events & EPOLLRDHUP) != 0;
    output.over = output.over || broken;
    input.ready = input.ready || (events & EPOLLIN) != 0;
    output.ready = output.ready || (events & EPOLLOUT) != 0;
    bool destroyed = false;  // by whoever goes on
    destroyed_ = &destroyed;
    resume(For::reading);
    if (!destroyed) resume(For::writing);
    if (!destroyed) destroyed_ = nullptr;
}

/// Here and now, if somebody waits for what happened.
void Readiness::resume(For what) {
    Side& mine = side(what);
    if (!mine.waiting || !take(what)) return;
    poller_.wait_ended();
    Waiting waiting = std::move(mine.waiting);
    waiting();
}

void Readiness::end(For what, const error_code& why) noexcept {
    Side& mine = side(what);
    if (!mine.waiting) return;
    poller_.wait_ended();
    *mine.outcome = why;
    asio::post(executor_, std::move(mine.waiting));
}

void Readiness::cancel() noexcept {
    end(For::reading, asio::error::operation_aborted);
    end(For::writing, asio::error::operation_aborted);
}

/// When the loop will run no more.
void Readiness::drop() noexcept {
    for (Side& each : sides_) {
        const Waiting dropped = std::move(each.waiting);
    }
}

awaitable<error_code> Readiness::wait(For what, Duration limit) {
    if (!alive_) alive_ = std::make_shared<bool>(true);
    Timer timer(executor_);
    timer.expires_after(limit);
    const LimitedWait limited;
    Expiry expiry(*this, what, limited.over());
    timer.async_wait(std::move(expiry));
    const error_code outcome = co_await wait(what);
    co_return outcome;
}

}  // namespace shadowcat::sdk::inline v1
