// SPDX-License-Identifier: Apache-2.0
// The life of a leased link.
#include "core/upstream/link_lease.hpp"

#include "shadowcat/sdk/log.hpp"
#include "shadowcat/sdk/spawn.hpp"

#include "core/upstream/link_roster.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace shadowcat::core {

/// Forwards, and tells the lease. Callers hold the lease while they call.
class LinkLease::Observed final : public sdk::Link {
public:
    explicit Observed(LinkLease& lease) : lease_(lease) {}

    sdk::awaitable<sdk::Result<void>> call(sdk::Message request, sdk::ReplyStream& replies,
                                           sdk::Cancellation& cancellation) override {
        Call call(lease_, request.method() != "initialize");
        sdk::Result<void> done = co_await call.perform(std::move(request), replies, cancellation);
        call.ended(done);
        co_return done;
    }
    sdk::awaitable<sdk::Result<void>> send(sdk::Message message) override {
        return lease_.link_->send(std::move(message));
    }
    sdk::awaitable<> close() override {
        const std::shared_ptr<LinkLease> held = lease_.shared_from_this();
        held->closing_ = true;
        held->unbind();  // whoever was bound need not stay for as long as that takes
        co_await held->link_->close();
        held->closed();
    }
    bool alive() const noexcept override { return lease_.link_->alive(); }
    void set_listening(bool wanted) override { lease_.link_->set_listening(wanted); }
    bool end_input() override { return lease_.link_->end_input(); }
    void set_session(std::string_view label) override { lease_.link_->set_session(label); }
    void kill() noexcept override { lease_.link_->kill(); }
    void signal(int number) noexcept override { lease_.link_->signal(number); }
    std::optional<int> exit_code() const noexcept override { return lease_.link_->exit_code(); }
    std::size_t resident_bytes() const override { return lease_.link_->resident_bytes(); }
    std::string peer() const override { return lease_.link_->peer(); }

private:
    LinkLease& lease_;
};

LinkLease::Call::Call(LinkLease& lease, bool counts) : lease_(&lease) {
    const sdk::TimePoint now = lease.roster_->worker().now();
    lease.life_.call_begun(now, counts);
    lease.judge(now, 0);
}

LinkLease::Call::~Call() { end(); }

sdk::awaitable<sdk::Result<void>> LinkLease::Call::perform(sdk::Message request,
                                                           sdk::ReplyStream& replies,
                                                           sdk::Cancellation& cancellation) {
    return lease_->link_->call(std::move(request), replies, cancellation);
}

void LinkLease::Call::ended(const sdk::Result<void>& done) {
    if (done.has_value()) lease_->answered();
    end();
}

void LinkLease::Call::end() noexcept {
    if (!lease_) return;
    LinkLease& lease = *std::exchange(lease_, nullptr);
    lease.life_.call_ended(lease.roster_->worker().now());
}

LinkLease::LinkLease(std::shared_ptr<LinkRoster> roster, sdk::QuotaHold place, LinkUse use)
    : roster_(std::move(roster)),
      place_(std::move(place)),
      use_(use),
      relay_(std::make_shared<LinkRelay>(roster_->worker())) {
    life_.opened(roster_->worker().now());
    relay_->on_lost = [this](const sdk::Error& error) { lost(error); };
    roster_->enter(*this);
}

LinkLease::~LinkLease() {
    roster_->leave(*this);
    relay_->unbind();
    life_.opened(roster_->worker().now());
    relay_->on_lost = nullptr;
    relay_->attach(nullptr);
    start_.release();
    if (link_ && !closed_) roster_->bury(std::move(link_), std::move(relay_), std::move(place_));
}

void LinkLease::hold(std::unique_ptr<sdk::Link> link) {
    link_ = std::move(link);
    outer_ = std::make_unique<Observed>(*this);
    relay_->attach(link_.get());
    life_.opened(roster_->worker().now());
}

UpstreamState& LinkLease::upstream() noexcept { return roster_->state(); }

void LinkLease::judge(sdk::TimePoint now, std::size_t resident) {
    if (retiring_ || use_ == LinkUse::probe) return;
    const auto reason = life_.served(now, resident, roster_->pool());
    if (!reason) return;
    retiring_ = true;
    roster_->recycled(*this, *reason);
}

bool LinkLease::unused() const noexcept {
    return link_ && life_.in_flight() == 0 && weak_from_this().use_count() == 1;
}

bool LinkLease::expire_idle(sdk::TimePoint now) {
    if (!life_.idle(now, roster_->pool())) return false;
    retiring_ = true;
    roster_->recycled(*this, RecycleReason::idle);
    return true;
}

void LinkLease::answered() {
    if (answered_) return;
    answered_ = true;
    start_.release();
    roster_->state().backoff.succeeded();
}

/// The connection has ended by itself: its place is free for another.
void LinkLease::lost(const sdk::Error& error) {
    roster_->lost(*this, error);
    start_.release();
    place_.release();
}

void LinkLease::closed() noexcept {
    closed_ = true;
    start_.release();
    place_.release();
}

void LinkLease::close_later() {
    if (!link_ || closing_) return;
    closing_ = true;
    unbind();
    spawn_logged(roster_->worker(), close_held(shared_from_this(), roster_->closing().enter()),
                 "lease.close");
}

sdk::awaitable<> LinkLease::close_held(std::shared_ptr<LinkLease> self, sdk::Gate::Pass pass) {
    const sdk::Gate::Pass inside = std::move(pass);
    const std::shared_ptr<LinkLease> held = std::move(self);
    co_await sdk::asio::post(held->roster_->worker().context(),
                             sdk::use_awaitable);  // not in a sweep
    co_await held->link_->close();
    held->closed();
}

}  // namespace shadowcat::core
