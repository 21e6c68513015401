// SPDX-License-Identifier: Apache-2.0
// A session's way to a link: picking an upstream, opening, sharing what is being opened.
#include "shadowcat/sdk/log.hpp"
#include "shadowcat/sdk/spawn.hpp"

#include "core/session/session.hpp"
#include "core/upstream/stateless_link.hpp"

#include <algorithm>

namespace shadowcat::core {

/// A request that waits for the link which another one is opening.
class Session::Waiter {
public:
    sdk::Wakeup opened;
    bool due = false;
    std::optional<sdk::Error> failure;
};

sdk::Result<void> Session::bind() {
    const sdk::PickRequest request(id_, principal_);
    const sdk::Result<Upstream*> picked = context_.group.pick(request, avoid_);
    if (picked.has_error()) return picked.error();
    upstream_ = *picked;
    upstream_name_ = upstream_->name();
    requests_ = nullptr;
    bound_.emplace(*upstream_);
    if (is_shared()) upstream_->shared().join(*this);
    return {};
}

void Session::unbind() {
    if (!upstream_) return;
    bound_.reset();
    if (is_shared()) upstream_->shared().leave(*this);
    upstream_ = nullptr;
    settled_ = false;
}

void Session::release() {
    if (--uses_ == 0 && ended_) unbind();
}

std::shared_ptr<LinkLease> Session::ready_link() const noexcept {
    if (opening_ || ended()) return nullptr;
    if (is_shared()) return settled_ ? upstream_->shared().ready_lease() : nullptr;
    return lease_ && lease_->alive() && !lease_->retiring() ? lease_ : nullptr;
}

sdk::awaitable<sdk::Result<std::shared_ptr<LinkLease>>> Session::lease(
    sdk::Cancellation* cancellation) {
    if (is_stateless()) co_return co_await lease_stateless();
    retire_link();  // for a session that listens another is being opened when this returns
    while (opening_) {
        const std::optional<sdk::Error> failed = co_await wait_for_opening(cancellation);
        if (failed) co_return *failed;
    }
    if (ended_) co_return sdk::Error(sdk::ErrorCode::closed, "the session has ended");
    if (lease_ && !lease_->alive()) {  // not by itself: that would have been told
        link_gone(sdk::upstream_error(sdk::ErrorCode::closed, "the link has served its time"));
    }
    if (lost_) co_return end_error();
    if (lease_) co_return lease_;
    if (is_shared() && settled_) co_return co_await lease_shared();
    opening_ = true;
    sdk::Result<std::shared_ptr<LinkLease>> fresh = co_await open(cancellation);
    opening_ = false;
    reached(fresh);
    wake_waiting(fresh);
    co_return fresh;
}

sdk::awaitable<sdk::Result<std::shared_ptr<LinkLease>>> Session::lease_shared() {
    sdk::Result<std::shared_ptr<LinkLease>> fresh;
    {
        const Use use(*this);
        fresh = co_await upstream_->shared().lease();
    }
    reached(fresh);
    co_return fresh;
}

sdk::awaitable<sdk::Result<std::shared_ptr<LinkLease>>> Session::lease_stateless() {
    if (!upstream_) {
        const sdk::Result<void> bound = bind();
        if (bound.has_error()) co_return bound.error();
    }
    sdk::Result<std::shared_ptr<LinkLease>> fresh;
    {
        const Use use(*this);
        fresh = co_await upstream_->stateless().lease();
    }
    reached(fresh);
    co_return fresh;
}

/// Gives what the opening ended with, if that concerns everybody who waited for it.
sdk::awaitable<std::optional<sdk::Error>> Session::wait_for_opening(
    sdk::Cancellation* cancellation) {
    Waiter waiter;
    waiting_.push_back(&waiter);
    if (cancellation) cancellation->on_request([&waiter] { waiter.opened.notify(); });
    const bool withdrawn = cancellation && cancellation->requested();
    if (!withdrawn) co_await waiter.opened.wait();
    if (cancellation) cancellation->on_request({});
    std::erase(waiting_, &waiter);
    if (cancellation && cancellation->requested()) co_return cancellation->reason();
    co_return waiter.failure;
}

sdk::awaitable<sdk::Result<std::shared_ptr<LinkLease>>> Session::open(
    sdk::Cancellation* cancellation) {
    if (!upstream_) {
        const sdk::Result<void> bound = bind();
        if (bound.has_error()) co_return bound.error();
    }
    const Use use(*this);
    sdk::Result<std::shared_ptr<LinkLease>> fresh = co_await reach(cancellation);
    if (fresh.has_error()) co_return fresh;
    const std::shared_ptr<LinkLease> lease = *fresh;
    if (!is_shared()) lease->link().set_session(label_);
    const bool observed = !is_shared() && context_.worker.observer();
    if (observed) tell_link_opened(lease->link());
    sdk::Result<void> established;
    if (memory_.has_initialize()) established = co_await establish(lease->link());
    if (ended_) established = sdk::Error(sdk::ErrorCode::closed, "the session has ended");
    if (established.has_error()) {
        const bool failed_start = !is_shared() && lease->alive() && !ended();
        if (failed_start) upstream_->handshake_failed(established.error());
        if (!is_shared()) co_await lease->link().close();
        report_exit(lease->link());
        if (observed) tell_link_closed(established.error().message());
        co_return established.error();
    }
    settled_ = true;
    if (!is_shared()) lease_ = lease;
    if (listening()) tell_listening(true);
    co_return fresh;
}

sdk::awaitable<sdk::Result<std::shared_ptr<LinkLease>>> Session::reach(
    sdk::Cancellation* cancellation) {
    if (is_shared()) return upstream_->shared().lease();
    return upstream_->lease(*this, cancellation);
}

/// An upstream that could not be reached is left: the next attempt may find another one healthy.
void Session::reached(const sdk::Result<std::shared_ptr<LinkLease>>& outcome) {
    avoid_ = outcome.has_error() ? upstream_ : nullptr;
    if (outcome.has_error() && uses_ == 0 && repairable()) unbind();
}

void Session::wake_waiting(const sdk::Result<std::shared_ptr<LinkLease>>& outcome) {
    const bool concerns_all =
        outcome.has_error() && outcome.error().code() != sdk::ErrorCode::cancelled;
    for (Waiter* each : waiting_) {
        if (concerns_all) each->failure = outcome.error();
        each->due = true;
    }
    // One that goes on may end others, or wait again, before `notify` returns.
    const auto due = [&] { return std::ranges::find(waiting_, true, &Waiter::due); };
    for (auto each = due(); each != waiting_.end(); each = due()) {
        Waiter* const next = *each;
        waiting_.erase(each);
        next->opened.notify();
    }
}

/// A reload may have taken it away since.
Upstream* Session::failed_upstream() const noexcept {
    const auto& members = context_.group.members();
    const bool there =
        avoid_ == upstream_ ||
        std::ranges::any_of(members, [this](const auto& member) { return member.get() == avoid_; });
    return there ? avoid_ : nullptr;
}

void Session::open_early() {
    spawn_logged(context_.worker, open_now(shared_from_this()), "session.open");
}

sdk::awaitable<> Session::open_now(std::shared_ptr<Session> self) {
    const auto lease = co_await self->lease(nullptr);
    if (lease.has_error() && self->context_.link_lost) self->context_.link_lost(lease.error());
}

void Session::tell_listening(bool listening) {
    if (lease_) lease_->link().set_listening(listening);
}

}  // namespace shadowcat::core
