// SPDX-License-Identifier: Apache-2.0
// Admitting calls, and what their results do to the upstream.
#include "shadowcat/sdk/log.hpp"

#include "core/upstream/upstream.hpp"

#include <algorithm>

namespace shadowcat::core {

std::optional<CallPermit> Upstream::try_admit(std::size_t bytes) {
    if (settings_.breaker && !state_->breaker.would_pass(worker_.now())) return std::nullopt;
    sdk::QuotaHold call, size;
    if (!take_call(bytes, call, size)) return std::nullopt;
    CircuitBreaker::Pass pass(true, 0);
    if (settings_.breaker) pass = state_->breaker.try_pass(worker_.now());
    if (!pass.allowed) return std::nullopt;
    return std::optional<CallPermit>(std::in_place, state_, std::move(call), std::move(size),
                                     pass.trial_word);
}

sdk::awaitable<sdk::Result<CallPermit>> Upstream::admit(std::size_t bytes,
                                                        sdk::Cancellation* cancellation) {
    if (settings_.breaker && !state_->breaker.would_pass(worker_.now())) co_return breaker_open();
    sdk::QuotaHold call, size;
    if (!take_call(bytes, call, size)) {
        const sdk::Result<void> waited = co_await wait_for_call(bytes, call, size, cancellation);
        if (waited.has_error()) co_return waited.error();
    }
    CircuitBreaker::Pass pass(true, 0);
    if (settings_.breaker) pass = state_->breaker.try_pass(worker_.now());
    if (!pass.allowed) co_return breaker_open();
    co_return CallPermit(state_, std::move(call), std::move(size), pass.trial_word);
}

/// What is free without waiting.
bool Upstream::take_call(std::size_t bytes, sdk::QuotaHold& call, sdk::QuotaHold& size) {
    if (!call && state_->calls.try_take()) call = sdk::QuotaHold(state_->calls, 1);
    if (call && state_->bytes.try_take(bytes)) size = sdk::QuotaHold(state_->bytes, bytes);
    return call && size;
}

sdk::awaitable<sdk::Result<void>> Upstream::wait_for_call(std::size_t bytes, sdk::QuotaHold& call,
                                                          sdk::QuotaHold& size,
                                                          sdk::Cancellation* cancellation) {
    if (stopping_) co_return stopped();
    const sdk::Gate::Pass pass = leasing_.enter();
    if (bytes > state_->bytes.limit()) {
        co_return sdk::upstream_error(sdk::ErrorCode::unavailable,
                                      "the message is larger than the " +
                                          std::to_string(state_->bytes.limit()) + " bytes that " +
                                          subject() + " may have under way")
            .mark_nothing_sent();
    }
    const sdk::TimePoint began = sdk::Clock::now();
    UpstreamWait wait(worker_, waits_, cancellation, settings_.pool.wait_timeout);
    sdk::Result<void> waited;
    if (!call) {
        std::string full = "all " + std::to_string(state_->calls.limit()) + " calls of " +
                           subject() + " are under way";
        waited = co_await wait.take(state_->calls, 1, std::move(full));
        if (waited.has_value()) call = sdk::QuotaHold(state_->calls, 1);
    }
    if (waited.has_value() && !take_call(bytes, call, size)) {
        std::string full = "all " + std::to_string(state_->bytes.limit()) + " bytes of " +
                           subject() + " are under way";
        waited = co_await wait.take(state_->bytes, bytes, std::move(full));
        if (waited.has_value()) size = sdk::QuotaHold(state_->bytes, bytes);
    }
    roster_->metrics().wait_for_call.observe(sdk::Clock::now() - began);
    co_return waited;
}

sdk::Error Upstream::breaker_open() const {
    const sdk::Duration left = state_->breaker.open_until() - worker_.now();
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(left).count();
    const std::string next =
        seconds > 0 ? "the next try is in " + std::to_string(seconds) + " s" : "one call tries";
    return sdk::upstream_error(sdk::ErrorCode::unavailable,
                               "the circuit breaker of " + subject() + " is open, " + next)
        .mark_nothing_sent();
}

void Upstream::report(CallVerdict verdict) {
    if (verdict == CallVerdict::neutral) return;  // the permit gives a trial back
    const bool success = verdict == CallVerdict::success;
    if (settings_.outlier) state_->outlier.record(success);
    if (!settings_.breaker) return;
    if (!state_->breaker.record(success, worker_.now(), *settings_.breaker)) return;
    (success ? roster_->metrics().breaker_closed : roster_->metrics().breaker_opened).add();
    sdk::log::warn(success ? "circuit breaker closed" : "circuit breaker opened",
                   {{"upstream", name()}});
}

bool Upstream::accepts() const noexcept {
    const sdk::TimePoint now = worker_.now();
    return state_->healthy && (!settings_.outlier || !state_->outlier.ejected(now)) &&
           (!settings_.breaker || state_->breaker.would_pass(now));
}

void Upstream::judge_outlier(sdk::TimePoint now) {
    if (!settings_.outlier) return;
    std::size_t out = 0;
    if (peers_) {
        const auto ejected = [now](const auto& peer) { return peer->outlier.ejected(now); };
        out = static_cast<std::size_t>(std::ranges::count_if(*peers_, ejected));
    }
    const bool may = may_eject_one_more(out, peers_ ? peers_->size() : 1, *settings_.outlier);
    if (!state_->outlier.judge(now, *settings_.outlier, may)) return;
    roster_->metrics().ejections.add();
    const auto length = state_->outlier.ejected_until() - now;
    sdk::log::warn("upstream ejected",
                   {{"upstream", name()},
                    {"secs", std::chrono::duration_cast<std::chrono::seconds>(length).count()}});
}

}  // namespace shadowcat::core
