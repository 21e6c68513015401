// SPDX-License-Identifier: Apache-2.0
// The answer's two forms, and streams that go on after an interruption.
#include "upstream_call.hpp"

#include "shadowcat/sdk/log.hpp"

#include "jitter.hpp"

namespace shadowcat::http {

namespace {

constexpr unsigned kMaxResumptions = 6;

bool stream_ended(const Error& error) {
    return error.code() == ErrorCode::closed || error.code() == ErrorCode::crashed;
}

Error as_protocol_error(const Error& error) {
    const bool too_large = error.code() == ErrorCode::too_large;
    return upstream_error(too_large ? error.code() : ErrorCode::protocol, error.message());
}

}  // namespace

UpstreamCall::UpstreamCall(UpstreamSession& session, Message request, ReplyStream& replies)
    : session_(session),
      replies_(replies),
      activity_(session, session.calls()),
      request_(std::move(request)),
      id_(request_.id()),
      is_initialize_(request_.method() == "initialize") {
    const LinkOptions& options = session.options();
    if (!options.exclusive && options.ids == IdPolicy::rewrite) rename();
}

void UpstreamCall::rename() {
    client_id_ = std::exchange(id_, session_.next_id());
    client_token_ = request_.progress_token();
    request_.set_id(id_);
    request_.set_progress_token(id_);
}

void UpstreamCall::restore(Message& message) const {
    if (client_id_.empty()) return;
    if (message.is_response()) return message.set_id(client_id_);
    const bool ours =
        message.method() == "notifications/progress" && message.progress_token() == id_;
    if (ours && !client_token_.empty()) message.set_progress_token(client_token_);
}

awaitable<Result<void>> UpstreamCall::perform() {
    HttpRequest request(HttpRequest::Method::post, Use::call, session_.heads());
    request.body = request_.bytes();
    request.traceparent = trace_of(request_);
    request.repeatable = may_be_repeated(request_);
    Result<ConnectionLease> exchanged =
        co_await exchange_heads(session_.pool(), request, interrupt());
    if (exchanged.has_error()) co_return exchanged.error();
    (void)std::move(request_).release();  // a large one need not wait for its answer in memory
    ConnectionLease lease = *std::move(exchanged);
    AnswerVerdict verdict = judge_answer(session_.target(), lease->head, session_.in_session());
    switch (verdict.form) {
        case AnswerForm::json:
        case AnswerForm::json_refusal:
            co_return co_await take_body(std::move(lease), std::move(verdict));
        case AnswerForm::events:
            co_return co_await take_events(std::move(lease));
        case AnswerForm::failure:
            break;
    }
    if (verdict.error.code() == ErrorCode::unknown_session) session_.lose(verdict.error);
    session_.recycle(std::move(lease));
    co_return verdict.error;
}

awaitable<Result<void>> UpstreamCall::take_body(ConnectionLease lease, AnswerVerdict verdict) {
    const std::size_t limit = session_.options().message.max_bytes;
    const Result<void> read = co_await lease->read_whole_body(limit);
    if (interrupt().requested()) co_return interrupt().reason();
    if (read.has_error()) co_return read;
    Result<Message> answer =
        read_answer(session_.target(), std::move(lease->body), id_, session_.options().message);
    const bool refused = verdict.form == AnswerForm::json_refusal;
    if (refused && (answer.has_error() || answer->kind() != MessageKind::error)) {
        answer = std::move(verdict.error);
    }
    if (answer.has_value() && is_initialize_) {
        const Result<void> learnt = session_.learn(lease->head, *answer);
        if (learnt.has_error()) co_return learnt;
    }
    session_.recycle(std::move(lease));
    if (answer.has_error()) co_return answer.error();
    co_await deliver(*std::move(answer));
    co_return Result<void>();
}

awaitable<Result<void>> UpstreamCall::take_events(ConnectionLease first) {
    EventReader reader(session_.target(), session_.options().message);
    std::optional<ConnectionLease> lease(std::move(first));
    for (;;) {
        Result<Message> next = co_await reader.next(**lease);
        if (interrupt().requested()) co_return interrupt().reason();
        if (next.has_error()) {
            if (!stream_ended(next.error())) co_return as_protocol_error(next.error());
            lease.reset();
            Result<ConnectionLease> resumed = co_await resume(reader, next.error());
            if (resumed.has_error()) co_return resumed.error();
            lease.emplace(*std::move(resumed));
            continue;
        }
        backoff_.reset();
        Message message = *std::move(next);
        const Result<bool> last = is_response(message, (*lease)->head);
        if (last.has_error()) co_return last.error();
        if (!*last && message.is_response()) continue;
        if (*last) session_.recycle(*std::exchange(lease, std::nullopt));
        co_await deliver(std::move(message));
        if (*last) co_return Result<void>();
        if (interrupt().requested()) co_return interrupt().reason();
    }
}

/// Whether `message` is this call's response. An error without an id can be meant for nobody else.
Result<bool> UpstreamCall::is_response(Message& message, const ResponseHead& head) {
    if (!message.is_response()) return false;
    if (message.id().empty()) {
        Result<Message> restored = with_id(message, id_);
        if (restored.has_error()) return restored.error();
        message = *std::move(restored);
    }
    if (message.id() != id_) {
        log::debug("response to another request dropped",
                   {{"url", session_.target().url.display()}});
        return false;
    }
    if (is_initialize_) {
        const Result<void> learnt = session_.learn(head, message);
        if (learnt.has_error()) return learnt.error();
    }
    return true;
}

/// MCP 2025-11-25, basic/transports: a server may end the connection before the response, once it
/// has named an event to go on from.
awaitable<Result<ConnectionLease>> UpstreamCall::resume(EventReader& reader, Error ended) {
    const std::string from = reader.last_event_id();
    const bool possible = !from.empty() && is_header_value(from);
    while (possible && backoff_.attempts() < kMaxResumptions) {
        const Duration pause = backoff_.next(reader.retry_ms(), jitter());
        const bool slept = co_await interrupt().sleep(session_.pool().worker().executor(), pause);
        if (!slept) co_return interrupt().reason();
        HttpRequest request(HttpRequest::Method::get, Use::stream, session_.heads());
        request.last_event_id = from;
        request.repeatable = true;
        Result<ConnectionLease> lease =
            co_await exchange_heads(session_.pool(), request, interrupt());
        if (interrupt().requested()) co_return interrupt().reason();
        if (lease.has_error()) continue;
        const AnswerVerdict verdict = judge_answer(session_.target(), (*lease)->head, true);
        if (verdict.form == AnswerForm::events) {
            reader.restart();
            co_return std::move(lease);
        }
        ended = verdict.error;
        if ((*lease)->head.status / 100 != 5) break;
    }
    co_return session_.target().failure(
        ErrorCode::crashed,
        possible ? "the event stream ended without the response and could not be resumed"
                 : "the event stream ended without the response");
}

awaitable<> UpstreamCall::deliver(Message message) {
    if (receiver_gone_) co_return;
    restore(message);
    const Result<void> written = co_await replies_.write(std::move(message));
    receiver_gone_ = written.has_error();
}

}  // namespace shadowcat::http
