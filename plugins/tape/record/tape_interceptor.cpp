// SPDX-License-Identifier: Apache-2.0
// Between a worker and the recorder.
#include "record/tape_interceptor.hpp"

#include "shadowcat/sdk/log.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace shadowcat::tape {

namespace {

/// Runs on the writer's thread: the worker's is where waiting messages go on.
EntryQueue::Callback waker(sdk::Executor executor, const std::shared_ptr<RoomWaiters>& waiters) {
    return [executor, weak = std::weak_ptr(waiters)] {
        const auto here = weak.lock();
        if (!here || !here->has_waiters()) return;
        sdk::asio::post(executor, [weak] {
            if (const auto there = weak.lock()) there->try_again();
        });
    };
}

}  // namespace

TapeInterceptor::TapeInterceptor(std::shared_ptr<Recorder> recorder, sdk::Worker& worker)
    : recorder_(std::move(recorder)),
      waiters_(std::make_shared<RoomWaiters>(recorder_)),
      worker_(worker) {
    if (recorder_->options().block)
        recorder_->on_room(waiters_.get(), waker(worker.executor(), waiters_));
}

TapeInterceptor::~TapeInterceptor() { recorder_->forget(waiters_.get()); }

/// Responses have no method: the writer knows what they answer.
bool TapeInterceptor::wanted(const sdk::Message& message) const {
    const auto& methods = recorder_->options().methods;
    return methods.empty() || message.is_response() || methods.contains(message.method());
}

std::optional<sdk::Verdict> TapeInterceptor::at_once(sdk::Message& message,
                                                     const sdk::MessageContext& context) {
    if (!wanted(message)) return sdk::Verdict::pass();
    if (recorder_->options().block) return std::nullopt;
    const EntryParts entry(message, context, worker_.index());
    if (recorder_->push(entry) == EntryQueue::Pushed::full) recorder_->lose(entry);
    return sdk::Verdict::pass();
}

sdk::awaitable<sdk::Verdict> TapeInterceptor::on_message(sdk::Message& message,
                                                         const sdk::MessageContext& context) {
    std::optional<sdk::Verdict> quick = at_once(message, context);
    if (quick) co_return *std::move(quick);
    Entry entry(message, context, worker_.index());
    co_await waiters_->push(std::move(entry));
    co_return sdk::Verdict::pass();
}

void TapeInterceptor::on_transport_event(const sdk::TransportEvent& event) noexcept {
    try {
        const EntryParts entry(event, worker_.index());
        if (event.kind == sdk::TransportEvent::Kind::session_closed) {
            recorder_->push_anyway(entry);
        } else if (recorder_->push(entry) == EntryQueue::Pushed::full) {
            recorder_->lose(entry);
        }
    } catch (const std::exception& failure) {
        sdk::log::error("event not recorded", {{"error", failure.what()}});
    }
}

void TapeInterceptor::stop() noexcept { waiters_->stop(); }

}  // namespace shadowcat::tape
