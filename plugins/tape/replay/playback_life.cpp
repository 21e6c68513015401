// SPDX-License-Identifier: Apache-2.0
// What a replayed server says by itself, and how it ends.
#include "shadowcat/sdk/log.hpp"
#include "shadowcat/sdk/spawn.hpp"

#include "replay/playback.hpp"

namespace shadowcat::tape {

namespace {

// As much as a client that doesn't read may leave with one listen.
constexpr std::size_t kMostArrived = 10'000;

sdk::Error replay_closed() {
    return sdk::upstream_error(sdk::ErrorCode::closed, "the link was closed");
}

}  // namespace

void Playback::schedule_asides(std::uint32_t exchange, const Schedule& schedule) {
    const auto asides = recording_->index.asides(recording_->index[exchange]);
    for (const RecordedAside& each : asides)
        asides_.push(each, schedule.due(each.ts_ms));
    if (asides.empty() || ended_) return;
    aside_timer_.cancel();
    if (saying_) return;
    saying_ = true;
    spawn_logged(worker_, say_asides(shared_from_this()), "replay.asides");
}

sdk::awaitable<> Playback::say_asides(std::shared_ptr<Playback> self) {
    const sdk::Gate::Pass pass = self->inside_.enter();
    while (!self->ended_ && !self->asides_.empty()) {
        const sdk::TimePoint due = self->asides_.next_due();
        if (sdk::Clock::now() < due) {
            self->aside_timer_.expires_at(due);
            co_await self->aside_timer_.async_wait(sdk::as_tuple);
            continue;
        }
        const DueAside next = self->asides_.pop();
        co_await self->say(next);
    }
    self->saying_ = false;
}

sdk::awaitable<> Playback::say(const DueAside& due) {
    sdk::Result<sdk::Message> message = recording_->message(due.aside.place);
    if (message.has_error()) {
        sdk::log::warn("tape not read", {{"error", message.error()}});
        co_return;
    }
    if (due.aside.listen != kNoExchange) {
        hand_to_listen(due.aside.listen, *std::move(message));
        co_return;
    }
    if (due.aside.kind == RecordedStep::Kind::question) {
        question_ids_.renew(*message);
    } else {
        question_ids_.follow(*message);
    }
    if (events_) co_await events_->on_message(*std::move(message));
}

/// Without such a listen nobody wants to know.
void Playback::hand_to_listen(std::uint32_t listen, sdk::Message message) {
    for (PlayedCall* call : calls_) {
        if (call->exchange != listen || call->arrived.size() >= kMostArrived) continue;
        call->arrived.push_back(message);
        call->wake();
        return;
    }
}

void Playback::end(const sdk::Error& error) {
    if (ended_) return;
    ended_ = error;
    for (PlayedCall* call : calls_)
        call->fail(error);
    aside_timer_.cancel();
}

void Playback::kill() {
    if (ended_) return;
    const sdk::Error crashed =
        sdk::upstream_error(sdk::ErrorCode::crashed, "the replay was told to crash");
    const std::shared_ptr<Playback> alive = shared_from_this();
    if (live_) live_->kill();
    end(crashed);
    if (events_) events_->on_closed(crashed);
}

void Playback::abandon() {
    events_ = nullptr;
    if (closing_) return;
    spawn_logged(worker_, close(shared_from_this()), "replay.abandon");
}

sdk::awaitable<> Playback::close(std::shared_ptr<Playback> self) {
    if (self->closing_) {
        self->closers_.emplace_back();
        sdk::Wakeup& mine = self->closers_.back();
        if (!self->closed_) co_await mine.wait();
        co_return;
    }
    self->closing_ = true;
    self->end(replay_closed());
    if (self->live_) co_await self->live_->close();
    co_await self->inside_.empty();
    self->closed_ = true;
    for (sdk::Wakeup& waiting : self->closers_)
        waiting.notify();
}

}  // namespace shadowcat::tape
