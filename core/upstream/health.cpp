// SPDX-License-Identifier: Apache-2.0
// Probing on a schedule.
#include "core/upstream/health.hpp"

#include "shadowcat/sdk/json_rpc.hpp"
#include "shadowcat/sdk/log.hpp"
#include "shadowcat/sdk/spawn.hpp"

#include "core/upstream/ask.hpp"
#include "core/upstream/shared_link.hpp"

namespace shadowcat::core {

bool HealthJudge::record(bool success) noexcept {
    successes_ = success ? successes_ + 1 : 0;
    failures_ = success ? 0 : failures_ + 1;
    const bool before = healthy_;
    if (!healthy_ && successes_ >= policy_.healthy_after) healthy_ = true;
    if (healthy_ && failures_ >= policy_.unhealthy_after) healthy_ = false;
    return healthy_ != before;
}

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
      timer_(worker.context()) {
    healthy_.add();
}

void HealthSchedule::start() { spawn_logged(worker_, run(), "health.run"); }

sdk::awaitable<> HealthSchedule::run() {
    const sdk::Gate::Pass pass = running_.enter();
    while (!stopping_) {
        co_await probe();
        if (stopping_) break;
        timer_.expires_after(policy_.interval);
        co_await timer_.async_wait(sdk::as_tuple);
    }
    co_await close_link();
}

sdk::awaitable<> HealthSchedule::probe() {
    const sdk::Result<void> outcome = co_await checker_->check(*this);
    if (stopping_) co_return;
    if (outcome.has_error()) {
        failures_.add();
        sdk::log::warn("health check failed",
                       {{"upstream", upstream_.name()}, {"error", outcome.error()}});
        co_await close_link();  // the next probe starts afresh
    }
    if (!judge_.record(outcome.has_value())) co_return;
    upstream_.state().healthy = judge_.healthy();
    healthy_.add(judge_.healthy() ? 1 : -1);
    sdk::log::warn(judge_.healthy() ? "upstream healthy" : "upstream unhealthy",
                   {{"upstream", upstream_.name()}});
}

sdk::awaitable<> HealthSchedule::stop() {
    stopping_ = true;
    timer_.cancel();
    co_await close_link();
    co_await running_.empty();
}

sdk::awaitable<sdk::Result<sdk::Message>> HealthSchedule::ask(sdk::Message request) {
    const sdk::Result<void> open = co_await ensure_open();
    if (open.has_error()) co_return open.error();
    const std::shared_ptr<LinkLease> probe = probe_;
    co_return co_await core::ask(worker_, probe->link(), std::move(request), policy_.timeout);
}

std::size_t HealthSchedule::crashes_since_last_check() {
    return upstream_.state().crashes.exchange(0);
}

sdk::awaitable<sdk::Result<void>> HealthSchedule::ensure_open() {
    if (probe_ && probe_->alive()) co_return sdk::Result<void>();
    co_return co_await open_link();
}

sdk::awaitable<sdk::Result<void>> HealthSchedule::open_link() {
    if (upstream_.is_shared()) {  // the link that sessions share is the one whose health matters
        sdk::Result<std::shared_ptr<LinkLease>> shared = co_await upstream_.shared().lease();
        if (shared.has_error()) co_return shared.error();
        probe_ = *std::move(shared);
        co_return sdk::Result<void>();
    }
    sdk::Result<std::shared_ptr<LinkLease>> opened = co_await upstream_.lease_probe(*this);
    if (opened.has_error()) co_return opened.error();
    if (stopping_) {
        co_await (*opened)->link().close();
        co_return sdk::Error(sdk::ErrorCode::closed, "stopping");
    }
    probe_ = *std::move(opened);
    const std::shared_ptr<LinkLease> probe = probe_;
    const sdk::Result<std::string> greeted =
        co_await handshake(worker_, probe->link(), policy_.timeout);
    if (greeted.has_error()) co_return greeted.error();
    co_return sdk::Result<void>();
}

sdk::awaitable<> HealthSchedule::close_link() {
    const std::shared_ptr<LinkLease> closing = std::move(probe_);
    if (closing && !upstream_.is_shared()) co_await closing->link().close();
}

sdk::awaitable<> HealthSchedule::on_message(sdk::Message message) {
    if (!message.is_request() || !probe_) co_return;
    sdk::Message answer = message.method() == "ping"
                              ? sdk::make_result(message.id(), "{}")
                              : sdk::make_error(message.id(), sdk::json_rpc::kMethodNotFound,
                                                "this client only checks health");
    const std::shared_ptr<LinkLease> probe = probe_;
    const sdk::Result<void> sent = co_await probe->link().send(std::move(answer));
    if (sent.has_error()) sdk::log::debug("answer not sent", {{"error", sent.error()}});
}

void HealthSchedule::on_closed(const sdk::Error&) { ++upstream_.state().crashes; }

}  // namespace shadowcat::core
