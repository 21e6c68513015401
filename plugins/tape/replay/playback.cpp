// SPDX-License-Identifier: Apache-2.0
// Answering calls from the tape.
#include "replay/playback.hpp"

#include "shadowcat/sdk/log.hpp"

#include "replay/stand_in_answers.hpp"

namespace shadowcat::tape {

namespace {

// A nap that somebody ends.
constexpr auto kLong = std::chrono::hours(24);

}  // namespace

Playback::Playback(sdk::Worker& worker, std::shared_ptr<const Recording> recording,
                   std::shared_ptr<const ReplayOptions> options, const sdk::LinkOptions& link,
                   sdk::LinkEvents& events)
    : worker_(worker),
      recording_(std::move(recording)),
      options_(std::move(options)),
      max_in_flight_(link.max_in_flight),
      events_(&events),
      matcher_(recording_, options_->match),
      aside_timer_(worker.executor()) {}

void Playback::use(std::unique_ptr<LiveUpstream> live) {
    live_ = std::move(live);
    live_->set_owner(events_);
}

sdk::awaitable<Playback::Outcome> Playback::call(std::shared_ptr<Playback> self,
                                                 sdk::Message request, sdk::ReplyStream& replies,
                                                 sdk::Cancellation& cancellation) {
    if (self->ended_) co_return sdk::Error(*self->ended_).mark_nothing_sent();
    if (cancellation.requested()) co_return cancellation.reason();
    if (self->calls_.size() >= self->max_in_flight_) {
        co_return sdk::upstream_error(sdk::ErrorCode::unavailable,
                                      "too many calls in flight on one link")
            .mark_nothing_sent();
    }
    if (self->live_ && request.method() == "initialize") self->live_->remember(request);
    PlayedCall call(self->worker_, request, replies, cancellation);
    const Entry entry(*self, call);
    co_return co_await self->answer(call, std::move(request));
}

sdk::awaitable<Playback::Outcome> Playback::answer(PlayedCall& call, sdk::Message request) {
    std::optional<sdk::Message> refusal = other_era_refusal(request, recording_->init);
    if (refusal) {
        co_await call.write(*std::move(refusal));
        co_return Outcome();
    }
    const std::optional<std::uint32_t> exchange = matcher_.take(request);
    if (exchange) co_return co_await play(call, *exchange);
    co_return co_await answer_unmatched(call, std::move(request));
}

sdk::awaitable<Playback::Outcome> Playback::answer_unmatched(PlayedCall& call,
                                                             sdk::Message request) {
    if (live_) {
        call.cancellation.on_request({});  // the live link's from here on
        co_return co_await live_->call(std::move(request), call.replies, call.cancellation);
    }
    std::optional<sdk::Message> own = stand_in_answer(request, *recording_);
    if (own) {
        co_await call.write(*std::move(own));
        co_return Outcome();
    }
    const std::optional<NearMiss> nearest = matcher_.nearest(request);
    if (nearest && options_->on_no_match == OnNoMatch::closest)
        co_return co_await play(call, nearest->exchange);
    sdk::Message error = no_match_error(request, *recording_, nearest);
    sdk::log::debug("no match on the tape", {{"method", request.method()}});
    co_await call.write(std::move(error));
    co_return Outcome();
}

sdk::awaitable<Playback::Outcome> Playback::play(PlayedCall& call, std::uint32_t exchange) {
    const RecordedExchange& recorded = recording_->index[exchange];
    call.exchange = exchange;
    Schedule schedule(options_->timing, options_->speed, sdk::Clock::now(), recorded.ts_ms);
    const bool at_once = options_->timing == Timing::instant;
    if (!at_once) schedule_asides(exchange, schedule);
    std::uint32_t position = 0;
    bool responded = false;
    for (const RecordedStep& step : recording_->index.steps(recorded)) {
        const Outcome done = co_await play_step(call, step, position++, schedule);
        if (done.has_error()) co_return done;
        responded = step.kind == RecordedStep::Kind::response;
    }
    if (at_once) schedule_asides(exchange, schedule);
    if (responded) co_return Outcome();
    co_return co_await keep_listening(call);
}

sdk::awaitable<Playback::Outcome> Playback::play_step(PlayedCall& call, const RecordedStep& step,
                                                      std::uint32_t position, Schedule& schedule) {
    if (step.kind == RecordedStep::Kind::answer) {
        co_await wait_for_answer(call, step.question);
        schedule.anchor(sdk::Clock::now(), step.ts_ms);
        if (call.over()) co_return call.why();
        co_return Outcome();
    }
    co_await call.wait_until(schedule.due(step.ts_ms));
    if (call.over()) co_return call.why();
    sdk::Result<sdk::Message> message = recording_->message(step.place);
    if (message.has_error()) co_return message.error();
    bool wanted = true;
    if (step.kind == RecordedStep::Kind::question) {
        call.asked[question_ids_.renew(*message)] = position;
    } else {
        question_ids_.follow(*message);
        wanted = readdress(*message, call.ids);
    }
    if (wanted) co_await call.write(*std::move(message));
    if (call.over() && step.kind != RecordedStep::Kind::response) co_return call.why();
    co_return Outcome();
}

sdk::awaitable<> Playback::wait_for_answer(PlayedCall& call, std::uint32_t question) {
    const sdk::TimePoint last = sdk::Clock::now() + options_->answer_timeout;
    while (!call.over() && !call.gone() && !call.answered.contains(question) &&
           sdk::Clock::now() < last)
        co_await call.nap(last);
}

/// A recorded call without a response: a listen, or one that its client ended.
sdk::awaitable<Playback::Outcome> Playback::keep_listening(PlayedCall& call) {
    while (!call.over()) {
        if (call.arrived.empty()) {
            co_await call.nap(sdk::Clock::now() + kLong);
            continue;
        }
        sdk::Message next = std::move(call.arrived.front());
        call.arrived.pop_front();
        const bool last = next.is_response();
        const bool wanted = readdress(next, call.ids);
        if (wanted) co_await call.write(std::move(next));
        if (last) co_return Outcome();
    }
    co_return call.why();
}

sdk::awaitable<Playback::Outcome> Playback::send(std::shared_ptr<Playback> self,
                                                 sdk::Message message) {
    if (self->ended_) co_return *self->ended_;
    if (message.is_response()) {
        const std::string id(message.id());
        for (PlayedCall* call : self->calls_) {
            const auto asked = call->asked.find(id);
            if (asked == call->asked.end()) continue;
            call->answered.insert(asked->second);
            call->wake();
            co_return Outcome();
        }
    }
    if (self->live_) co_return co_await self->live_->send(std::move(message));
    co_return Outcome();
}

}  // namespace shadowcat::tape
