// SPDX-License-Identifier: Apache-2.0
// Leasing links within the upstream's capacity, and its upkeep.
#include "core/upstream/upstream.hpp"

#include "shadowcat/sdk/log.hpp"

#include "core/upstream/shared_link.hpp"
#include "core/upstream/stateless_link.hpp"

#include <algorithm>

namespace shadowcat::core {

namespace {

sdk::LinkOptions options_for(Isolation isolation, sdk::LinkOptions options) {
    options.exclusive = isolation == Isolation::per_session;
    return options;
}

}  // namespace

Upstream::Upstream(sdk::Worker& worker, std::shared_ptr<UpstreamState> state,
                   const UpstreamSettings& settings, std::unique_ptr<sdk::Connector> connector,
                   const sdk::LinkOptions& options, sdk::Metrics& metrics,
                   const BridgeSettings& bridge)
    : worker_(worker),
      state_(std::move(state)),
      settings_(settings),
      roster_(std::make_shared<LinkRoster>(worker, state_, settings, metrics)),
      opener_(*roster_, std::move(connector), options_for(settings.isolation, options), bridge),
      spares_(roster_, opener_, worker.index()),
      stateless_(std::make_unique<StatelessLink>(worker, *this, bridge.probe_timeout)) {
    ++state_->workers;
    if (settings.isolation == Isolation::shared) {
        shared_ = std::make_unique<SharedLink>(worker, *this);
    }
    tick_ = worker.every_tick([this](sdk::TimePoint now) { sweep(now); });
}

Upstream::~Upstream() {
    roster_->abandon();
    --state_->workers;
}

void Upstream::apply(const UpstreamSettings& settings) {
    settings_ = settings;
    roster_->apply(settings.pool);
}

void Upstream::retire() {
    retired_ = true;
    UpstreamSettings without_spares = settings_;
    without_spares.pool.min_idle = 0;
    apply(without_spares);
}

sdk::Error Upstream::stopped() const {
    return sdk::upstream_error(sdk::ErrorCode::unavailable, subject() + " is being stopped")
        .mark_nothing_sent();
}

sdk::awaitable<Upstream::Leased> Upstream::lease(sdk::LinkEvents& events,
                                                 sdk::Cancellation* cancellation) {
    if (stopping_) co_return stopped();
    const sdk::Gate::Pass pass = leasing_.enter();
    if (std::shared_ptr<LinkLease> spare = take_spare(events)) co_return spare;
    co_return co_await lease_new(events, cancellation, sdk::Era::session);
}

sdk::awaitable<Upstream::Leased> Upstream::lease_stateless(sdk::LinkEvents& events) {
    if (stopping_) co_return stopped();
    const sdk::Gate::Pass pass = leasing_.enter();
    const bool one_more = is_shared() && !state_->links.has_room();  // the other era has its own
    if (!one_more) co_return co_await lease_new(events, nullptr, sdk::Era::stateless);
    UpstreamWait wait(worker_, waits_, nullptr, settings_.pool.wait_timeout);
    state_->links.take_anyway();
    sdk::QuotaHold place(state_->links, 1);
    co_return co_await start(std::move(place), events, wait, sdk::Era::stateless);
}

sdk::awaitable<Upstream::Leased> Upstream::lease_new(sdk::LinkEvents& events,
                                                     sdk::Cancellation* cancellation,
                                                     sdk::Era era) {
    UpstreamWait wait(worker_, waits_, cancellation, settings_.pool.wait_timeout);
    if (!state_->links.try_take()) {
        const sdk::TimePoint began = sdk::Clock::now();
        std::string full = "all " + std::to_string(state_->links.limit()) + " links of " +
                           subject() + " are in use";
        const sdk::Result<void> waited = co_await wait.take(state_->links, 1, std::move(full));
        roster_->metrics().wait_for_link.observe(sdk::Clock::now() - began);
        if (waited.has_error()) co_return waited.error();
    }
    sdk::QuotaHold place(state_->links, 1);
    co_return co_await start(std::move(place), events, wait, era);
}

std::shared_ptr<LinkLease> Upstream::take_spare(sdk::LinkEvents& events) {
    if (is_shared()) return nullptr;
    std::shared_ptr<LinkLease> spare = spares_.take(worker_.now());
    if (spare) spare->bind(events);
    return spare;
}

sdk::awaitable<Upstream::Leased> Upstream::start(sdk::QuotaHold place, sdk::LinkEvents& events,
                                                 UpstreamWait& wait, sdk::Era era) {
    const Counted starting(state_->starting);
    auto lease = std::make_shared<LinkLease>(roster_, std::move(place), LinkUse::client);
    lease->bind(events);
    const sdk::Result<void> turn = co_await opener_.wait_for_turn(*lease, wait);
    if (turn.has_error()) co_return turn.error();
    co_return co_await open(std::move(lease), era);
}

sdk::awaitable<Upstream::Leased> Upstream::open(std::shared_ptr<LinkLease> lease, sdk::Era era) {
    Leased opened = co_await opener_.open(std::move(lease), era);
    if (opened.has_error() || !stopping_) co_return opened;
    co_await (*opened)->link().close();
    co_return stopped();
}

sdk::awaitable<Upstream::Leased> Upstream::lease_probe(sdk::LinkEvents& events) {
    if (stopping_) co_return stopped();
    const sdk::Gate::Pass pass = leasing_.enter();
    auto lease = std::make_shared<LinkLease>(roster_, sdk::QuotaHold(), LinkUse::probe);
    lease->bind(events);
    co_return co_await open(std::move(lease));
}

sdk::awaitable<Upstream::Leased> Upstream::lease_successor(sdk::LinkEvents& events) {
    if (stopping_) co_return stopped();
    const sdk::Gate::Pass pass = leasing_.enter();
    UpstreamWait wait(worker_, waits_, nullptr, settings_.pool.wait_timeout);
    if (!state_->links.try_take()) state_->links.take_anyway();
    sdk::QuotaHold place(state_->links, 1);
    co_return co_await start(std::move(place), events, wait);
}

Room Upstream::room() const noexcept {
    if (spares_.size() != 0 || (shared_ && shared_->ready())) return Room::now;
    const sdk::TimePoint paused = state_->backoff.paused_until();
    const sdk::TimePoint now = sdk::Clock::now();
    const bool full = !state_->links.has_room();
    if (paused > now + settings_.pool.wait_timeout) return Room::none;
    if (full && state_->links.waiting() >= settings_.pool.max_waiting) return Room::none;
    return full || paused > now ? Room::in_line : Room::now;
}

std::string Upstream::why_not() const {
    const sdk::TimePoint now = worker_.now();
    if (!state_->healthy) return "is unhealthy";
    if (settings_.outlier && state_->outlier.ejected(now)) return "is ejected for failed calls";
    if (settings_.breaker && !state_->breaker.would_pass(now)) return "has an open circuit breaker";
    if (state_->backoff.paused(sdk::Clock::now())) return "pauses after failed starts";
    return "is full";
}

void Upstream::wish_for_probe() { (void)state_->probe_bell.ring(sdk::Clock::now()); }

void Upstream::sweep(sdk::TimePoint now) {
    roster_->sweep(now);
    if (!is_shared()) spares_.sweep(now);
    if (worker_.index() != 0) return;  // one for all
    judge_outlier(now);
    roster_->metrics().follow(state_->status(now));
}

sdk::awaitable<> Upstream::stop() {
    if (stopping_) co_return;
    stopping_ = true;
    tick_ = sdk::Worker::Tick();
    waits_.end(stopped());
    roster_->close_all();
    co_await spares_.stop();
    if (shared_) co_await shared_->close();
    co_await stateless_->close();
    co_await leasing_.empty();
    roster_->close_all();
    co_await roster_->closing().empty();
    if (worker_.index() == 0) roster_->metrics().follow(state_->status());
    co_await opener_.stop();
}

}  // namespace shadowcat::core
