// SPDX-License-Identifier: Apache-2.0
// Probing on a schedule.
#include "core/upstream/health.hpp"

#include "shadowcat/sdk/log.hpp"
#include "shadowcat/sdk/spawn.hpp"

#include <boost/asio/post.hpp>

namespace shadowcat::core {

/// What posts of other workers find instead of a schedule that has gone.
class HealthSchedule::Ear {
public:
    explicit Ear(HealthSchedule& of) : schedule(&of) {}

    HealthSchedule* schedule;  // null: stopped
};

HealthSchedule::HealthSchedule(sdk::Worker& worker, Upstream& upstream,
                               std::unique_ptr<sdk::HealthChecker> checker,
                               const HealthPolicy& policy, sdk::Metrics& metrics)
    : worker_(worker),
      upstream_(upstream),
      checker_(std::move(checker)),
      policy_(policy),
      judge_(policy),
      healthy_(metrics.gauge("shadowcat_upstream_healthy", "1 when the upstream is in use",
                             {{"upstream", upstream.name()}})),
      failures_(metrics.counter("shadowcat_health_failures_total", "Failed health checks",
                                {{"upstream", upstream.name()}})),
      timer_(worker.context()),
      random_(std::random_device{}()) {}

HealthSchedule::~HealthSchedule() = default;

void HealthSchedule::start() {
    if (started_) return;
    started_ = true;
    stopping_ = false;
    judge_ = HealthJudge(policy_);
    healthy_.add();
    target_ = std::make_shared<ProbeTarget>(worker_, upstream_, policy_.timeout);
    listen();
    spawn_logged(worker_, run(), "health.run");
}

void HealthSchedule::listen() {
    ear_ = std::make_shared<Ear>(*this);
    upstream_.state().probe_bell.connect([&worker = worker_, ear = ear_] {
        sdk::asio::post(worker.context(), [ear] {
            if (ear->schedule) ear->schedule->probe_soon();
        });
    });
}

void HealthSchedule::probe_soon() {
    if (upstream_.state().backoff.paused(sdk::Clock::now())) return;  // in vain before its end
    wished_ = true;
    timer_.cancel();
}

sdk::awaitable<> HealthSchedule::run() {
    const sdk::Gate::Pass pass = running_.enter();
    const sdk::Duration jitter = std::min<sdk::Duration>(policy_.interval / 10, HealthJudge::kSoon);
    std::uniform_int_distribution<sdk::Duration::rep> chance(0, jitter.count());
    co_await wait_for(sdk::Duration(chance(random_)));
    while (!stopping_) {
        co_await probe(std::exchange(wished_, false));
        if (stopping_) break;
        co_await wait_for(judge_.next(wished_));
    }
}

sdk::awaitable<> HealthSchedule::wait_for(sdk::Duration pause) {
    timer_.expires_after(pause);
    co_await timer_.async_wait(sdk::as_tuple);
}

sdk::awaitable<> HealthSchedule::probe(bool wished) {
    const sdk::Result<void> outcome = co_await check();
    if (stopping_) co_return;
    const bool changed = judge_.record(outcome.has_value());
    if (changed) announce(outcome);
    if (outcome.has_value()) {
        succeeded(wished);
    } else {
        failures_.add();
        upstream_.state().note_error(outcome.error().message());
        sdk::log::debug("health check failed",
                        {{"upstream", upstream_.name()}, {"error", outcome.error()}});
        co_await target_->close_link();  // the next probe starts afresh
    }
}

/// A request that nobody could serve wished for this probe: now it may try.
void HealthSchedule::succeeded(bool wished) {
    if (!wished || !judge_.healthy()) return;
    upstream_.state().outlier.lift();
    upstream_.state().breaker.allow_trial();
}

void HealthSchedule::announce(const sdk::Result<void>& outcome) {
    upstream_.state().healthy = judge_.healthy();
    healthy_.add(judge_.healthy() ? 1 : -1);
    if (judge_.healthy()) {
        sdk::log::warn("upstream healthy", {{"upstream", upstream_.name()}});
    } else {
        sdk::log::warn("upstream unhealthy",
                       {{"upstream", upstream_.name()}, {"error", outcome.error()}});
    }
}

sdk::awaitable<sdk::Result<void>> HealthSchedule::check() {
    if (check_ && !check_->outcome) {
        co_return sdk::Error(sdk::ErrorCode::timed_out, "an earlier check has not ended yet");
    }
    check_ = std::make_shared<Check>();
    spawn_logged(worker_, run_check(checker_, target_, check_), "health.check");
    co_await await_check(policy_.timeout);
    if (check_->outcome) co_return *check_->outcome;
    const auto limit = std::chrono::ceil<std::chrono::seconds>(policy_.timeout);
    co_return sdk::Error(sdk::ErrorCode::timed_out,
                         "no verdict within " + std::to_string(limit.count()) + " s");
}

sdk::awaitable<> HealthSchedule::run_check(std::shared_ptr<sdk::HealthChecker> checker,
                                           std::shared_ptr<ProbeTarget> target,
                                           std::shared_ptr<Check> check) {
    check->outcome = co_await checker->check(*target);
    check->wakeup.notify();
}

/// Until it has ended, or is late, or the schedule is being stopped.
sdk::awaitable<> HealthSchedule::await_check(sdk::Duration limit) {
    const std::shared_ptr<Check> check = check_;
    const bool stopping_before = stopping_;
    sdk::Timer timer(worker_.context());
    check->late = false;
    timer.expires_after(limit);
    timer.async_wait([check](sdk::error_code stopped) {
        if (stopped) return;
        check->late = true;
        check->wakeup.notify();
    });
    while (!check->outcome && !check->late && stopping_ == stopping_before)
        co_await check->wakeup.wait();
}

sdk::awaitable<> HealthSchedule::stop() {
    if (!started_ || stopping_) co_return;
    stopping_ = true;
    ear_->schedule = nullptr;
    upstream_.state().probe_bell.connect({});
    timer_.cancel();
    if (check_) check_->wakeup.notify();
    co_await running_.empty();
    co_await target_->close_link();
    if (check_ && !check_->outcome) co_await await_check(policy_.timeout);
    if (check_ && !check_->outcome) {
        sdk::log::error("health check hangs, left alone", {{"upstream", upstream_.name()}});
    }
    target_->detach();
    upstream_.state().healthy = true;
    healthy_.subtract(judge_.healthy() ? 1 : 0);
    started_ = false;
}

}  // namespace shadowcat::core
