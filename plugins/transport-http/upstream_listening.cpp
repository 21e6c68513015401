// SPDX-License-Identifier: Apache-2.0
// Reconnecting with patience.
#include "upstream_listening.hpp"

#include "shadowcat/sdk/log.hpp"

#include "backoff.hpp"
#include "event_reader.hpp"
#include "jitter.hpp"
#include "upstream_answer.hpp"

namespace shadowcat::http {

namespace {

enum class Outcome : std::uint8_t { not_offered, failed, heard };

bool is_one_bad_event(const Error& error) {
    return error.code() == ErrorCode::parse || error.code() == ErrorCode::invalid_request;
}

/// Hands on what comes until the stream ends.
awaitable<Outcome> hear(UpstreamSession& session, ConnectionLease lease, EventReader& reader,
                        Interrupt& interrupt) {
    Outcome outcome = Outcome::failed;
    for (;;) {
        Result<Message> message = co_await reader.next(*lease);
        if (interrupt.requested()) co_return outcome;
        if (message.has_error()) {
            log::debug("event stream", {{"error", message.error()}});
            if (is_one_bad_event(message.error())) continue;
            co_return outcome;
        }
        outcome = Outcome::heard;
        if (message->is_response() || !session.events()) continue;  // it answers nothing of ours
        co_await session.events()->on_message(*std::move(message));
        if (interrupt.requested()) co_return outcome;
    }
}

awaitable<Outcome> listen_once(UpstreamSession& session, EventReader& reader,
                               Interrupt& interrupt) {
    HttpRequest request(HttpRequest::Method::get, Use::stream, session.heads());
    const std::string from = reader.last_event_id();
    if (is_header_value(from)) request.last_event_id = from;
    request.repeatable = true;
    Result<ConnectionLease> exchanged = co_await exchange_heads(session.pool(), request, interrupt);
    if (exchanged.has_error()) co_return Outcome::failed;
    ConnectionLease lease = *std::move(exchanged);
    const AnswerVerdict verdict = judge_answer(session.target(), lease->head, false);
    if (verdict.form == AnswerForm::events) {
        reader.restart();
        co_return co_await hear(session, std::move(lease), reader, interrupt);
    }
    const bool for_now = lease->head.status / 100 == 5 || lease->head.status == 429;
    log::debug("no event stream", {{"error", verdict.error}});
    session.recycle(std::move(lease));
    co_return for_now ? Outcome::failed : Outcome::not_offered;
}

}  // namespace

awaitable<> listen_for_messages(std::shared_ptr<UpstreamSession> session) {
    UpstreamSession::Activity activity(*session, session->background());
    EventReader reader(session->target(), session->options().message);
    Backoff backoff;
    while (!activity.interrupt.requested()) {
        const Outcome outcome = co_await listen_once(*session, reader, activity.interrupt);
        if (outcome == Outcome::not_offered) co_return;
        if (outcome == Outcome::heard) backoff.reset();
        const Duration pause = backoff.next(reader.retry_ms(), jitter());
        const Executor executor = session->pool().worker().executor();
        const bool slept = co_await activity.interrupt.sleep(executor, pause);
        if (!slept) co_return;
    }
}

}  // namespace shadowcat::http
