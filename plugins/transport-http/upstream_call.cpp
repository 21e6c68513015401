// SPDX-License-Identifier: Apache-2.0
// The answer's two forms, and streams that go on after an interruption.
#include "upstream_call.hpp"

#include "shadowcat/sdk/json_rpc.hpp"
#include "shadowcat/sdk/log.hpp"

#include "jitter.hpp"
#include "mirror_lines.hpp"
#include "tool_refresh.hpp"

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
      names_(request_),
      scope_(request_),
      is_stateless_(request_.is_stateless()) {
    const std::string_view method = request_.method();
    if (is_stateless_) {
        calls_tool_ = method == "tools/call";
        lists_tools_ = method == "tools/list";
    } else {
        is_initialize_ = method == "initialize";
    }
    is_listen_ = method == "subscriptions/listen";
    const LinkOptions& options = session.options();
    if (!options.exclusive && options.ids == IdPolicy::rewrite)
        names_.rename(request_, session_.next_id());
}

awaitable<Result<void>> UpstreamCall::perform() {
    for (;;) {
        Result<ConnectionLease> asked = co_await ask();
        if (asked.has_error()) co_return asked.error();
        ConnectionLease lease = *std::move(asked);
        const bool in_session = session_.in_session() && !is_stateless_;
        AnswerVerdict verdict = judge_answer(session_.target(), lease->head, in_session);
        const bool refused = verdict.form == AnswerForm::json_refusal;
        const bool older = is_initialize_ && !in_session && may_be_older(lease->head);
        // A large one need not wait for its answer in memory.
        if (!refused || !calls_tool_) (void)std::move(request_).release();
        if (verdict.form == AnswerForm::events) co_return co_await take_events(std::move(lease));
        if (verdict.form == AnswerForm::failure) {
            if (older) session_.miss_endpoint();
            co_return give_up(std::move(lease), verdict.error);
        }
        const std::size_t limit = session_.options().message.max_bytes;
        Result<void> read;
        if (!lease->holds_body(limit)) read = co_await lease->read_whole_body(limit);
        Result<Message> answer = take_body(std::move(lease), std::move(verdict), read);
        if (answer.has_error() && older) session_.miss_endpoint();
        if (answer.has_error()) co_return answer.error();
        bool again = false;
        if (refused && calls_tool_) again = co_await correct(*answer);
        if (interrupt().requested()) co_return interrupt().reason();
        if (again) continue;
        Message response = *std::move(answer);
        prepare(response);
        (void)co_await replies_.write(std::move(response));
        co_return Result<void>();
    }
}

awaitable<Result<ConnectionLease>> UpstreamCall::ask() {
    HttpRequest request(HttpRequest::Method::post, is_listen_ ? Use::stream : Use::call,
                        session_.heads());
    request.body = request_.bytes();
    request.traceparent = trace_of(request_);
    request.repeatable = may_be_repeated(request_);
    request.session = session_.label();
    request.stream = replies_.stream();
    if (is_stateless_) {
        mirror_ = mirror_lines(request_, session_.pool().schemas());
        request.mirror = mirror_;
    }
    return exchange_heads(session_.pool(), std::move(request), interrupt());
}

Error UpstreamCall::give_up(ConnectionLease lease, const Error& why) {
    if (why.code() == ErrorCode::unknown_session) session_.lose(why);
    session_.recycle(std::move(lease));
    return why;
}

/// The response, once the body was `read`.
Result<Message> UpstreamCall::take_body(ConnectionLease lease, AnswerVerdict verdict,
                                        const Result<void>& read) {
    if (interrupt().requested()) return interrupt().reason();
    if (read.has_error()) return read.error();
    Result<Message> answer =
        read_answer(session_.target(), std::move(lease->body), id(), session_.options().message);
    const bool refused = verdict.form == AnswerForm::json_refusal;
    if (refused && (answer.has_error() || answer->kind() != MessageKind::error)) {
        answer = std::move(verdict.error);
    }
    if (answer.has_value() && is_initialize_) {
        const Result<void> learnt = session_.learn(lease->head, *answer);
        if (learnt.has_error()) return learnt.error();
    }
    session_.recycle(std::move(lease));
    return answer;
}

/// Whether the request is to be sent again, because the server missed headers that it told us of
/// only now. MCP 2026-07-28, basic/transports/streamable-http, Client Behavior.
awaitable<bool> UpstreamCall::correct(const Message& refusal) {
    if (corrected_ || error_code_of(refusal) != json_rpc::kHeaderMismatch) co_return false;
    corrected_ = true;
    const ToolSchemas& schemas = session_.pool().schemas();
    if (mirror_lines(request_, schemas) == mirror_) {  // nobody else has asked meanwhile
        std::string meta(request_.meta());
        co_await refresh_tools(session_, std::move(meta), interrupt());
    }
    if (mirror_lines(request_, schemas) == mirror_) co_return false;
    names_.renew(request_, session_.own_id());
    co_return true;
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
        if (!*last && !may_be_delivered(message)) continue;
        if (*last) session_.recycle(*std::exchange(lease, std::nullopt));
        prepare(message);
        if (!receiver_gone_) {
            const Result<void> written = co_await replies_.write(std::move(message));
            receiver_gone_ = written.has_error();
        }
        if (*last) co_return Result<void>();
        if (interrupt().requested()) co_return interrupt().reason();
    }
}

/// Whether `message` is this call's response. An error without an id can be meant for nobody else.
Result<bool> UpstreamCall::is_response(Message& message, const ResponseHead& head) {
    if (!message.is_response()) return false;
    if (message.id().empty()) {
        Result<Message> restored = with_id(message, id());
        if (restored.has_error()) return restored.error();
        message = *std::move(restored);
    }
    if (message.id() != id()) return false;
    if (is_initialize_) {
        const Result<void> learnt = session_.learn(head, message);
        if (learnt.has_error()) return learnt.error();
    }
    return true;
}

/// Whether `message`, not the response, is anything to the client.
bool UpstreamCall::may_be_delivered(const Message& message) const {
    const bool may = !message.is_response() && (!is_stateless_ || scope_.admits(message, names_));
    if (!may) log::debug("foreign message dropped", {{"url", session_.target().url.display()}});
    return may;
}

/// MCP 2025-11-25, basic/transports: a server may end the connection before the response, once it
/// has named an event to go on from.
awaitable<Result<ConnectionLease>> UpstreamCall::resume(EventReader& reader, Error ended) {
    const std::string from = reader.last_event_id();
    const bool possible = !is_stateless_ && !from.empty() && is_header_value(from);
    while (possible && backoff_.attempts() < kMaxResumptions) {
        const Duration pause = backoff_.next(reader.retry_ms(), jitter());
        const bool slept = co_await interrupt().sleep(session_.pool().worker().executor(), pause);
        if (!slept) co_return interrupt().reason();
        HttpRequest request(HttpRequest::Method::get, Use::stream, session_.heads());
        request.last_event_id = from;
        request.repeatable = true;
        request.session = session_.label();
        request.stream = replies_.stream();
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

/// For the client.
void UpstreamCall::prepare(Message& message) {
    if (lists_tools_ && message.is_response()) session_.pool().schemas().learn(message);
    names_.restore(message);
}

}  // namespace shadowcat::http
