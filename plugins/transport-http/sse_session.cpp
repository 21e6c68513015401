// SPDX-License-Identifier: Apache-2.0
// A stream in, POSTs out.
#include "sse_session.hpp"

#include "shadowcat/sdk/json_rpc.hpp"
#include "shadowcat/sdk/log.hpp"
#include "shadowcat/sdk/spawn.hpp"

#include "sse_endpoint.hpp"
#include "upstream_answer.hpp"

namespace shadowcat::http {

namespace {

constexpr std::size_t kMaxAnswer = 64 * 1024;

bool is_one_bad_event(const Error& error) {
    return error.code() == ErrorCode::parse || error.code() == ErrorCode::invalid_request;
}

}  // namespace

SseSession::SseSession(std::shared_ptr<UpstreamPool> pool, const ParseLimits& limits)
    : pool_(std::move(pool)), heads_(pool_->target()), reader_(pool_->target(), limits) {}

awaitable<Result<void>> SseSession::open() {
    HttpRequest request(HttpRequest::Method::get, Use::stream, heads_);
    request.limit = target().connect_timeout;
    request.session = label_;
    request.repeatable = true;
    Result<ConnectionLease> opened = co_await exchange_heads(*pool_, std::move(request), reading_);
    if (opened.has_error()) co_return opened.error();
    stream_.emplace(*std::move(opened));
    const AnswerVerdict verdict = judge_answer(target(), (*stream_)->head, false);
    Result<void> ready = verdict.error;
    if (verdict.form == AnswerForm::events) ready = co_await await_endpoint();
    if (verdict.form == AnswerForm::json) {
        ready = target().failure(ErrorCode::protocol, "answered with JSON, not an event stream");
    }
    if (ready.has_error()) {
        stream_.reset();
    } else {
        spawn_logged(pool_->worker(), read(shared_from_this()), "http.sse");
    }
    co_return ready;
}

awaitable<Result<void>> SseSession::await_endpoint() {
    UpstreamConnection& connection = **stream_;
    Result<SseEvent> first = co_await reader_.next_event(connection);
    if (reading_.requested()) co_return reading_.reason();
    if (first.has_error()) co_return first.error();
    if (first->type != "endpoint") {
        co_return target().failure(ErrorCode::protocol, "its first event is not the endpoint");
    }
    Result<std::string> endpoint = sse_endpoint(target().url, first->data);
    if (endpoint.has_error()) {
        co_return target().failure(endpoint.error().code(), endpoint.error().message());
    }
    heads_.set_path(*std::move(endpoint));
    connection.deadline = TimePoint::max();
    co_return Result<void>();
}

/// Never ahead of the receiver by more than a message.
awaitable<> SseSession::read(std::shared_ptr<SseSession> self) {
    while (!self->ended_) {
        Result<Message> message = co_await self->reader_.next(**self->stream_);
        if (message.has_error() && is_one_bad_event(message.error())) {
            log::warn("not a message", {{"error", message.error()}});
            continue;
        }
        if (message.has_error()) {
            self->end(message.error());
            break;
        }
        self->look_for_revision(*message);
        self->arrived_.push_back(*std::move(message));
        self->receiver_.notify();
        while (!self->arrived_.empty() && !self->ended_)
            co_await self->room_.wait();
    }
    self->stream_.reset();
}

awaitable<Result<Message>> SseSession::receive() {
    while (arrived_.empty() && !ended_)
        co_await receiver_.wait();
    if (arrived_.empty()) co_return *ended_;
    Message message = std::move(arrived_.front());
    arrived_.pop_front();
    room_.notify();
    co_return Result<Message>(std::move(message));
}

awaitable<Result<void>> SseSession::send(std::span<Message> messages) {
    for (const Message& message : messages) {
        if (ended_) co_return *ended_;
        if (message.is_opaque()) continue;  // there are no lines here
        look_for_revision(message);
        const Result<void> posted = co_await post(message);
        if (ended_) co_return *ended_;
        if (posted.has_value()) continue;
        if (message.is_request()) {
            arrived_.push_back(make_error(message.id(), posted.error()));
            receiver_.notify();
        } else {
            log::warn("message not delivered", {{"error", posted.error()}});
        }
    }
    co_return Result<void>();
}

awaitable<Result<void>> SseSession::post(const Message& message) {
    HttpRequest request(HttpRequest::Method::post, Use::stream, heads_);
    request.body = message.bytes();
    request.traceparent = trace_of(message);
    request.repeatable = may_be_repeated(message);
    request.limit = target().send_timeout;
    request.session = label_;
    Result<ConnectionLease> exchanged =
        co_await exchange_heads(*pool_, std::move(request), posting_);
    if (exchanged.has_error()) co_return exchanged.error();
    ConnectionLease lease = *std::move(exchanged);
    const auto refused = judge_acceptance(target(), lease->head, false);
    const Result<void> read = co_await lease->read_whole_body(kMaxAnswer);
    if (read.has_value() && lease->reusable()) std::move(lease).keep();
    if (refused) co_return *refused;
    co_return Result<void>();
}

/// What was negotiated goes along as a header, for servers that speak a later revision over this
/// transport.
void SseSession::look_for_revision(const Message& message) {
    if (message.is_request() && message.method() == "initialize") {
        initialize_id_ = message.id();
    } else if (message.is_response() && !initialize_id_.empty() && message.id() == initialize_id_) {
        initialize_id_.clear();
        heads_.set_revision(negotiated_revision(message));
    }
}

void SseSession::end(const Error& why) {
    if (ended_) return;
    const auto alive = shared_from_this();
    ended_ = why;
    reading_.request(why);
    posting_.request(why);
    room_.notify();
    receiver_.notify();
}

}  // namespace shadowcat::http
