// SPDX-License-Identifier: Apache-2.0
// Reconnecting with patience, while somebody listens.
#include "upstream_listening.hpp"

#include "shadowcat/sdk/log.hpp"
#include "shadowcat/sdk/spawn.hpp"

#include "backoff.hpp"
#include "event_reader.hpp"
#include "jitter.hpp"
#include "upstream_answer.hpp"
#include "upstream_session.hpp"

namespace shadowcat::http {

namespace {

constexpr int kMethodNotAllowed = 405;

bool is_one_bad_event(const Error& error) {
    return error.code() == ErrorCode::parse || error.code() == ErrorCode::invalid_request;
}

}  // namespace

void UpstreamListening::allow() {
    allowed_ = true;
    update();
}

void UpstreamListening::want(bool wanted) {
    wanted_ = wanted;
    update();
}

bool UpstreamListening::due() const noexcept {
    return wanted_ && allowed_ && offered_ && session_.alive();
}

/// Begins what is to run. What is not to run any more is told so, and comes back here at its end.
void UpstreamListening::update() {
    if (due() && !running_) {
        auto listening = run(session_.shared_from_this());
        return spawn_logged(session_.pool().worker(), std::move(listening), "http.listen");
    }
    if (!due() && running_) running_->request(Error(ErrorCode::closed, "nobody listens"));
}

awaitable<> UpstreamListening::run(std::shared_ptr<UpstreamSession> session) {
    UpstreamListening& self = session->listening();
    if (self.running_ || !self.due()) co_return;
    {
        UpstreamSession::Activity activity(*session, session->background());
        self.running_ = &activity.interrupt;
        co_await self.listen(activity.interrupt);
        self.running_ = nullptr;
    }
    self.update();
}

awaitable<> UpstreamListening::listen(Interrupt& interrupt) {
    EventReader reader(session_.target(), session_.options().message);
    reader.resume_after(heard_up_to_);
    Backoff backoff;
    while (!interrupt.requested()) {
        std::optional<ConnectionLease> stream = co_await open(reader, interrupt);
        if (!offered_) co_return;
        bool heard = false;
        if (stream) heard = co_await hear(*std::move(stream), reader, interrupt);
        if (heard) backoff.reset();
        const Duration pause = backoff.next(reader.retry_ms(), jitter());
        const Executor executor = session_.pool().worker().executor();
        const bool slept = co_await interrupt.sleep(executor, pause);
        if (!slept) co_return;
    }
}

/// The stream, if the server gives one now; `offered_` says whether another try is worth it.
awaitable<std::optional<ConnectionLease>> UpstreamListening::open(EventReader& reader,
                                                                  Interrupt& interrupt) {
    HttpRequest request(HttpRequest::Method::get, Use::stream, session_.heads());
    const std::string from = reader.last_event_id();
    if (is_header_value(from)) request.last_event_id = from;
    request.repeatable = true;
    request.session = session_.label();
    Result<ConnectionLease> exchanged =
        co_await exchange_heads(session_.pool(), request, interrupt);
    if (exchanged.has_error()) co_return std::nullopt;
    ConnectionLease lease = *std::move(exchanged);
    const AnswerVerdict verdict = judge_answer(session_.target(), lease->head, false);
    if (verdict.form == AnswerForm::events) {
        reader.restart();
        co_return std::move(lease);
    }
    const int status = lease->head.status;
    log::debug("no event stream", {{"error", verdict.error}});
    session_.recycle(std::move(lease));
    if (status / 100 == 5 || status == 429) co_return std::nullopt;
    offered_ = !from.empty() && status != kMethodNotAllowed;
    if (!offered_) co_return std::nullopt;
    reader.resume_after({});  // it may only have forgotten the event
    heard_up_to_.clear();
    co_return std::nullopt;
}

/// Hands on what comes until the stream ends; whether anything did. What came too late to be handed
/// on comes again.
awaitable<bool> UpstreamListening::hear(ConnectionLease lease, EventReader& reader,
                                        Interrupt& interrupt) {
    bool heard = false;
    for (;;) {
        Result<Message> message = co_await reader.next(*lease);
        if (message.has_value() && interrupt.requested()) co_return heard;
        heard_up_to_ = reader.last_event_id();
        if (interrupt.requested()) co_return heard;
        if (message.has_error()) {
            log::debug("event stream", {{"error", message.error()}});
            if (is_one_bad_event(message.error())) continue;
            co_return heard;
        }
        heard = true;
        if (message->is_response() || !session_.events()) continue;  // it answers nothing of ours
        co_await session_.events()->on_message(*std::move(message));
        if (interrupt.requested()) co_return heard;
    }
}

}  // namespace shadowcat::http
