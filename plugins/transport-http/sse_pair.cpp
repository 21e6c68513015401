// SPDX-License-Identifier: Apache-2.0
// GET opens a stream with a session of its own; POST says something in it.
#include "sse_pair.hpp"

#include "shadowcat/sdk/worker_hop.hpp"

#include "media_type.hpp"
#include "request_rules.hpp"
#include "response_status.hpp"
#include "sse_stream.hpp"
#include "trace_header.hpp"

namespace shadowcat::http {

namespace {

constexpr std::string_view kToken = "token";

Error invalid(std::string_view text) {
    return downstream_error(ErrorCode::invalid_request, std::string(text));
}

bool is_preflight(const RequestHead& head) {
    return head.method == Method::options && head.origin.present() &&
           head.preflight_method.present();
}

std::optional<Refusal> check_stream_head(const RequestHead& head) {
    if (head.method != Method::get) {
        return Refusal(405, Reason::method, invalid("the stream of events takes GET"),
                       "Allow: GET, OPTIONS\r\n");
    }
    if (accepts(head.accept, "text/event-stream")) return std::nullopt;
    return Refusal(406, Reason::accept, invalid("Accept must list text/event-stream"));
}

std::optional<Refusal> check_message_head(const RequestHead& head,
                                          const HttpListenerOptions& options) {
    if (head.method != Method::post) {
        return Refusal(405, Reason::method, invalid("messages are posted"),
                       "Allow: POST, OPTIONS\r\n");
    }
    if (!is_json_content(head.content_type.value()) || head.encoded) {
        return Refusal(415, Reason::content_type,
                       invalid("Content-Type must be application/json, in UTF-8 and not encoded"));
    }
    if (head.content_length.value_or(0) <= options.message.max_bytes) return std::nullopt;
    return refuse_unreadable(ParseState::body_too_large, options, options.message.max_bytes);
}

/// The value of the parameter `token` in a query.
std::string_view token_of(std::string_view query) {
    while (!query.empty()) {
        const auto [parameter, rest] = cut(query, '&');
        const auto [key, value] = cut(parameter, '=');
        if (key == kToken) return value;
        query = rest;
    }
    return {};
}

Refusal refuse_token() {
    return Refusal(404, Reason::session_unknown,
                   downstream_error(ErrorCode::unknown_session,
                                    "no such stream: open one, which tells where to post to"));
}

/// A message for a stream of any worker, and how far it came.
class Posting {
public:
    Posting(std::string_view of, HttpConnection& from, Message what)
        : token(of),
          principal(from.client_info().principal),
          observed(from.observed()),
          message(std::move(what)) {}

    std::string_view token, principal;
    ObservedExchange* observed;  // may be null
    Message message;
    std::optional<Refusal> refusal;
};

/// On the stream's worker.
awaitable<> deliver(SseStreams& streams, Worker& here, Posting& posting) {
    SseStream* stream = streams.find(posting.token, posting.principal);
    if (!stream) {
        posting.refusal = refuse_token();
        co_return;
    }
    if (posting.observed) posting.observed->tell_request(here, stream->session()->label());
    if (posting.message.is_request()) {
        posting.refusal = stream->begin_request(std::move(posting.message));
        co_return;
    }
    const std::shared_ptr<ClientSession> session = stream->session();
    const Result<void> taken = co_await session->notify(std::move(posting.message));
    if (taken.has_value()) co_return;
    posting.refusal =
        Refusal(status_of_refused_notification(taken.error()), Reason::message, taken.error())
            .within_session();
}

awaitable<> deliver_anywhere(HttpConnection& connection, Posting& posting) {
    ListenerState& state = connection.state();
    const std::optional<std::size_t> worker = SseStreams::worker_of(posting.token);
    if (!worker || *worker >= state.groups.size()) {
        posting.refusal = refuse_token();
        co_return;
    }
    Worker& there = state.groups[*worker]->worker();
    auto delivery = deliver(state.sse_streams[*worker], there, posting);
    co_await run_on(connection.group().worker(), there, std::move(delivery));
}

awaitable<> take_posted(HttpConnection& connection) {
    Result<Message> parsed = Message::parse(connection.take_body(), connection.options().message);
    if (!parsed) {
        const Refusal refusal = refuse_message(parsed.error());
        co_await connection.refuse(refusal);
        co_return;
    }
    Message message = *std::move(parsed);
    take_trace_header(connection, message);
    const std::string id(message.is_request() ? message.id() : "");
    const std::string method(message.method());
    Posting posting(token_of(connection.head().query()), connection, std::move(message));
    co_await deliver_anywhere(connection, posting);
    if (posting.refusal) {
        co_await connection.refuse(*posting.refusal, id, method);
    } else {
        co_await connection.respond(202, "text/plain", "Accepted");
    }
}

awaitable<> open_stream(HttpConnection& connection) {
    ConnectionGroup& group = connection.group();
    auto opened = group.service().open(connection.client_info());
    if (!opened) {
        const Refusal refusal = refuse_session(opened.error());
        co_await connection.refuse(refusal);
        co_return;
    }
    SseStream stream(connection, *std::move(opened));
    co_await stream.run(connection.state().sse_streams[group.worker().index()]);
}

}  // namespace

std::optional<Refusal> check_sse_head(const RequestHead& head, const HttpListenerOptions& options) {
    if (head.unmet_expectation) {
        return Refusal(417, Reason::expectation,
                       invalid("the only expectation met is 100-continue"));
    }
    if (is_preflight(head)) return std::nullopt;
    const bool of_stream = head.path() == options.sse.stream;
    return of_stream ? check_stream_head(head) : check_message_head(head, options);
}

awaitable<> answer_at_sse_pair(HttpConnection& connection) {
    if (connection.head().method == Method::get) return open_stream(connection);
    return take_posted(connection);
}

}  // namespace shadowcat::http
