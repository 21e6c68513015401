// SPDX-License-Identifier: Apache-2.0
// A stream in, POSTs out.
#include "sse_pipe.hpp"

#include "shadowcat/sdk/log.hpp"

#include "sse_endpoint.hpp"
#include "upstream_answer.hpp"

namespace shadowcat::http {

namespace {

constexpr std::size_t kMaxAnswer = 64 * 1024;

bool is_one_bad_event(const Error& error) {
    return error.code() == ErrorCode::parse || error.code() == ErrorCode::invalid_request;
}

}  // namespace

SsePipe::SsePipe(std::shared_ptr<UpstreamPool> pool, const ParseLimits& limits)
    : pool_(std::move(pool)), heads_(pool_->target()), reader_(pool_->target(), limits) {}

awaitable<Result<void>> SsePipe::open() {
    const UpstreamTarget& target = pool_->target();
    HttpRequest request(HttpRequest::Method::get, Use::stream, heads_);
    request.limit = target.connect_timeout;
    request.repeatable = true;
    Result<ConnectionLease> opened = co_await exchange_heads(*pool_, std::move(request), reading_);
    if (opened.has_error()) co_return opened.error();
    stream_.emplace(*std::move(opened));
    const AnswerVerdict verdict = judge_answer(target, (*stream_)->head, false);
    Result<void> ready = verdict.error;
    if (verdict.form == AnswerForm::events) ready = co_await await_endpoint();
    if (verdict.form == AnswerForm::json) {
        ready = target.failure(ErrorCode::protocol, "answered with JSON, not an event stream");
    }
    if (ready.has_error()) stream_.reset();
    co_return ready;
}

awaitable<Result<void>> SsePipe::await_endpoint() {
    UpstreamConnection& connection = **stream_;
    Result<SseEvent> first = co_await reader_.next_event(connection);
    if (first.has_error()) co_return first.error();
    const UpstreamTarget& target = pool_->target();
    if (first->type != "endpoint") {
        co_return target.failure(ErrorCode::protocol, "its first event is not the endpoint");
    }
    Result<std::string> endpoint = sse_endpoint(target.url, first->data);
    if (endpoint.has_error()) {
        co_return target.failure(endpoint.error().code(), endpoint.error().message());
    }
    heads_.set_path(*std::move(endpoint));
    connection.deadline = TimePoint::max();
    co_return Result<void>();
}

awaitable<Result<void>> SsePipe::send(std::span<Message> messages) {
    for (const Message& message : messages) {
        if (ended_) co_return *ended_;
        look_for_revision(message);
        const Result<void> posted = co_await post(message);
        if (posted.has_error()) co_return end(posted.error());
    }
    co_return Result<void>();
}

awaitable<Result<void>> SsePipe::post(const Message& message) {
    const UpstreamTarget& target = pool_->target();
    HttpRequest request(HttpRequest::Method::post, Use::message, heads_);
    request.body = message.bytes();
    request.traceparent = trace_of(message);
    request.repeatable = may_be_repeated(message);
    request.limit = target.send_timeout;
    Result<ConnectionLease> exchanged =
        co_await exchange_heads(*pool_, std::move(request), posting_);
    if (exchanged.has_error()) co_return exchanged.error();
    ConnectionLease lease = *std::move(exchanged);
    const auto refused = judge_acceptance(target, lease->head, false);
    const Result<void> read = co_await lease->read_whole_body(kMaxAnswer);
    if (read.has_value() && lease->reusable()) std::move(lease).keep();
    if (refused) co_return *refused;
    co_return Result<void>();
}

awaitable<Result<Message>> SsePipe::receive() {
    for (;;) {
        if (ended_) co_return *ended_;
        Result<Message> message = co_await reader_.next(**stream_);
        if (message.has_value()) {
            look_for_revision(*message);
            co_return message;
        }
        if (!is_one_bad_event(message.error())) co_return end(message.error());
        log::warn("not a message", {{"peer", peer()}, {"error", message.error()}});
    }
}

/// What was negotiated goes along as a header, for servers that speak a later revision over this
/// transport.
void SsePipe::look_for_revision(const Message& message) {
    if (message.is_request() && message.method() == "initialize") {
        initialize_id_ = message.id();
    } else if (message.is_response() && !initialize_id_.empty() && message.id() == initialize_id_) {
        initialize_id_.clear();
        heads_.set_revision(negotiated_revision(message));
    }
}

/// The first reason counts; whoever waits learns of it.
Error SsePipe::end(Error why) {
    if (!ended_) ended_ = std::move(why);
    reading_.request(*ended_);
    posting_.request(*ended_);
    return *ended_;
}

awaitable<> SsePipe::close() {
    interrupt(pool_->target().failure(ErrorCode::closed, "the link was closed"));
    co_return;
}

}  // namespace shadowcat::http
