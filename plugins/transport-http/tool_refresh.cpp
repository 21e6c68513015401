// SPDX-License-Identifier: Apache-2.0
// Lists of tools, asked for by the proxy itself.
#include "tool_refresh.hpp"

#include "shadowcat/sdk/json_edit.hpp"
#include "shadowcat/sdk/json_rpc.hpp"
#include "shadowcat/sdk/log.hpp"

#include "event_reader.hpp"
#include "mirror_lines.hpp"
#include "upstream_answer.hpp"

namespace shadowcat::http {

namespace {

constexpr int kMaxPages = 100;

std::string list_params(const std::string& meta, const std::string& cursor) {
    const std::string params = json::with_member("{}", "_meta", meta);
    return cursor.empty() ? params : json::with_member(params, "cursor", cursor);
}

awaitable<Result<Message>> read_events(UpstreamSession& session, ConnectionLease lease,
                                       std::string_view id) {
    EventReader reader(session.target(), session.options().message);
    for (;;) {
        Result<Message> message = co_await reader.next(*lease);
        const bool ours = message.has_value() && message->is_response() && message->id() == id;
        if (message.has_value() && !ours) continue;
        if (ours) session.recycle(std::move(lease));
        co_return message;
    }
}

awaitable<Result<Message>> ask(UpstreamSession& session, const Message& question,
                               Interrupt& interrupt) {
    HttpRequest request(HttpRequest::Method::post, Use::call, session.heads());
    request.body = question.bytes();
    request.traceparent = trace_of(question);
    request.mirror = mirror_lines(question, session.pool().schemas());
    request.limit = session.target().send_timeout;
    request.repeatable = true;
    request.session = session.label();
    Result<ConnectionLease> exchanged =
        co_await exchange_heads(session.pool(), std::move(request), interrupt);
    if (exchanged.has_error()) co_return exchanged.error();
    ConnectionLease lease = *std::move(exchanged);
    const AnswerVerdict verdict = judge_answer(session.target(), lease->head, false);
    if (verdict.form == AnswerForm::events) {
        co_return co_await read_events(session, std::move(lease), question.id());
    }
    const Result<void> read = co_await lease->read_whole_body(session.options().message.max_bytes);
    if (read.has_error()) co_return read.error();
    const std::string body = std::move(lease->body);
    session.recycle(std::move(lease));
    if (verdict.form != AnswerForm::json) co_return verdict.error;
    co_return read_answer(session.target(), body, question.id(), session.options().message);
}

}  // namespace

awaitable<> refresh_tools(UpstreamSession& session, std::string meta, Interrupt& interrupt) {
    meta = json::without_members(meta, {"progressToken", "io.modelcontextprotocol/logLevel"});
    std::string cursor;
    for (int page = 0; page < kMaxPages; ++page) {
        const Message question =
            make_request(session.own_id(), "tools/list", list_params(meta, cursor));
        Result<Message> answer = co_await ask(session, question, interrupt);
        if (answer.has_error()) {
            log::debug("tools not listed", {{"error", answer.error()}});
            co_return;
        }
        cursor = json::at(answer->bytes(), {"result", "nextCursor"});
        session.pool().schemas().learn(*answer);
        if (!json::is_string(cursor)) co_return;
    }
}

}  // namespace shadowcat::http
