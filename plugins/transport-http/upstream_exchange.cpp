// SPDX-License-Identifier: Apache-2.0
// Requests, and when they are safe to repeat.
#include "upstream_exchange.hpp"

#include "shadowcat/sdk/trace_context.hpp"

namespace shadowcat::http {

namespace {

void write_head(const HttpRequest& request, std::string& out) {
    switch (request.method) {
        case HttpRequest::Method::post:
            if (!request.mirror)
                return request.heads.post(out, request.body.size(), request.traceparent);
            return request.heads.post_stateless(out, request.body.size(), request.traceparent,
                                                *request.mirror);
        case HttpRequest::Method::get:
            return request.heads.get(out, request.last_event_id);
        case HttpRequest::Method::remove:
            return request.heads.remove(out);
    }
}

void observe(UpstreamPool& pool, UpstreamConnection& connection, const HttpRequest& request) {
    connection.observed = std::make_unique<ObservedRequest>(
        pool.worker(), pool.upstream(), request.session, request.stream, connection.request_head);
}

/// Begins the exchange; true when all of the request has been sent.
bool begin_exchange(UpstreamPool& pool, UpstreamConnection& connection,
                    const HttpRequest& request) {
    if (request.limit) connection.deadline = Clock::now() + *request.limit;
    if (request.use == Use::stream) connection.expect_little();
    write_head(request, connection.request_head);
    if (pool.worker().observer()) observe(pool, connection, request);
    return connection.try_send(request.body);
}

/// The rest of a large request, and the answer's head.
awaitable<Result<void>> send_and_read_head(UpstreamConnection& connection) {
    Result<void> sent = co_await connection.send();
    if (sent.has_error() && !connection.sent_anything()) co_return sent;
    // A server that refuses a large body may answer before it has read it, and close.
    Result<void> answered = co_await connection.read_head();
    co_return answered.has_error() && sent.has_error() ? sent : answered;
}

bool worth_another_try(const UpstreamConnection& connection, const HttpRequest& request) {
    if (!connection.reused() || connection.got_anything()) return false;
    return request.repeatable || !connection.sent_anything();
}

}  // namespace

std::string_view trace_of(const Message& message) {
    const std::string_view text = message.traceparent();
    const bool sound = is_header_token(text) && TraceContext::parse(text);
    return sound ? text : std::string_view();
}

awaitable<Result<ConnectionLease>> exchange_heads(UpstreamPool& pool, HttpRequest request,
                                                  Interrupt& interrupt) {
    for (bool fresh = false;; fresh = true) {
        auto lease = fresh ? std::nullopt : pool.take_kept(request.use, interrupt);
        if (!lease) {
            Result<ConnectionLease> acquired = co_await pool.acquire(request.use, interrupt, fresh);
            if (acquired.has_error()) co_return acquired.error();
            lease.emplace(*std::move(acquired));
        }
        UpstreamConnection& connection = **lease;
        const bool sent = begin_exchange(pool, connection, request);
        auto answer = sent ? connection.read_head() : send_and_read_head(connection);
        const Result<void> answered = co_await std::move(answer);
        if (answered.has_value() && !interrupt.requested()) co_return *std::move(lease);
        Error why = interrupt.requested() ? interrupt.reason() : answered.error();
        if (!connection.sent_anything()) why.mark_nothing_sent();
        if (interrupt.requested() || !worth_another_try(connection, request)) co_return why;
        pool.retries().add();
    }
}

}  // namespace shadowcat::http
