// SPDX-License-Identifier: Apache-2.0
// The session's life: calls, messages, cancellation, loss and end.
#include "upstream_session.hpp"

#include "shadowcat/sdk/json_rpc.hpp"
#include "shadowcat/sdk/log.hpp"
#include "shadowcat/sdk/spawn.hpp"

#include "mirror_lines.hpp"
#include "upstream_answer.hpp"
#include "upstream_call.hpp"

#include <boost/asio/post.hpp>

namespace shadowcat::http {

namespace {

constexpr std::size_t kMaxDrained = 64 * 1024;
constexpr Duration kDrainLimit = std::chrono::seconds(1);
constexpr std::size_t kMaxErrorBody = 64 * 1024;
constexpr std::size_t kShownOfSessionId = 4;

/// What tells the server that a request was given up: the client's own words, or ours.
Message cancel_notice(std::string_view id, Cancellation& cancellation) {
    if (auto& notice = cancellation.notice()) {
        notice->set_cancelled_id(id);
        return *std::move(notice);
    }
    return make_notification("notifications/cancelled",
                             "{\"requestId\":" + std::string(id) + ",\"reason\":" +
                                 quote_json(name(cancellation.reason().code())) + "}");
}

}  // namespace

UpstreamSession::UpstreamSession(std::shared_ptr<UpstreamPool> pool, LinkEvents& events,
                                 const LinkOptions& options)
    : pool_(std::move(pool)),
      events_(&events),
      options_(options),
      heads_(pool_->target()),
      listening_(*this, !options.exclusive) {}

awaitable<Result<void>> UpstreamSession::call(Message request, ReplyStream& replies,
                                              Cancellation& cancellation) {
    if (ended_) co_return Error(*ended_).mark_nothing_sent();
    if (calls_.inside() >= options_.max_in_flight) {
        co_return target()
            .failure(ErrorCode::unavailable, "too many calls in flight")
            .mark_nothing_sent();
    }
    const auto self = shared_from_this();
    // A stateless request is cancelled by the end of its connection, and by nothing else.
    const bool cancellable = request.method() != "initialize" && !request.is_stateless();
    UpstreamCall call(*this, std::move(request), replies);
    cancellation.on_request([&] { call.interrupt().request(cancellation.reason()); });
    Result<void> outcome = co_await call.perform();
    cancellation.on_request({});
    const bool tell = outcome.has_error() && !outcome.error().nothing_sent();
    if (tell && cancellable && cancellation.requested()) cancel(call.id(), cancellation);
    co_return outcome;
}

void UpstreamSession::cancel(const std::string& id, Cancellation& cancellation) {
    if (ended_) return;
    spawn_logged(pool_->worker(), post_notice(shared_from_this(), cancel_notice(id, cancellation)),
                 "http.cancel");
}

awaitable<> UpstreamSession::post_notice(std::shared_ptr<UpstreamSession> self, Message notice) {
    Activity activity(*self, self->background_);
    const Result<void> sent = co_await self->post(std::move(notice), activity.interrupt);
    if (sent.has_error()) log::debug("cancellation not delivered", {{"error", sent.error()}});
}

awaitable<Result<void>> UpstreamSession::send(Message message) {
    if (ended_) co_return Error(*ended_).mark_nothing_sent();
    if (message.is_opaque()) co_return target().failure(ErrorCode::unsupported, "takes no lines");
    const auto self = shared_from_this();
    Activity activity(*this, calls_);
    const bool opens = message.method() == "notifications/initialized";
    Result<void> sent = co_await post(std::move(message), activity.interrupt);
    if (sent.has_value() && opens) listening_.allow();
    co_return sent;
}

awaitable<Result<void>> UpstreamSession::post(Message message, Interrupt& interrupt) {
    HttpRequest request(HttpRequest::Method::post, Use::message, heads_);
    request.body = message.bytes();
    request.traceparent = trace_of(message);
    request.repeatable = may_be_repeated(message);
    request.limit = target().send_timeout;
    request.session = label_;
    const bool in_session = this->in_session() && !message.is_stateless();
    if (message.is_stateless()) request.mirror = mirror_lines(message, pool_->schemas());
    Result<ConnectionLease> exchanged = co_await exchange_heads(*pool_, request, interrupt);
    if (exchanged.has_error()) co_return exchanged.error();
    ConnectionLease lease = *std::move(exchanged);
    auto refused = judge_acceptance(target(), lease->head, in_session);
    if (refused && refused->code() == ErrorCode::unknown_session) lose(*refused);
    if (refused && refused->code() == ErrorCode::protocol) {
        const Result<void> read = co_await lease->read_whole_body(kMaxErrorBody);
        const std::string why = read ? describe_error_body(lease->body) : std::string();
        if (!why.empty())
            refused = Error(refused->code(), refused->message() + why, refused->source());
    }
    recycle(std::move(lease));
    if (refused) co_return *refused;
    co_return Result<void>();
}

Result<void> UpstreamSession::learn(const ResponseHead& head, const Message& response) {
    if (response.kind() != MessageKind::result) return Result<void>();
    if (head.session_ids > 1 || (head.session_ids == 1 && !is_header_token(head.session_id))) {
        return target().failure(ErrorCode::protocol, "the Mcp-Session-Id it gave can't be used");
    }
    if (head.session_ids == 1) heads_.set_session_id(head.session_id);
    heads_.set_revision(negotiated_revision(response));
    return Result<void>();
}

void UpstreamSession::lose(const Error& why) {
    if (ended_) return;
    ended_ = why;
    lost_ = true;
    spawn_logged(pool_->worker(), report_loss(shared_from_this()), "http.lost");
}

void UpstreamSession::kill() {
    if (ended_) return;
    ended_ = target().failure(ErrorCode::crashed, "the connection was killed");
    lost_ = true;
    spawn_logged(pool_->worker(), break_off(shared_from_this()), "http.killed");
}

awaitable<> UpstreamSession::break_off(std::shared_ptr<UpstreamSession> self) {
    co_await asio::post(self->pool_->worker().executor(), use_awaitable);  // not inside of a call
    self->under_way_.request_all(*self->ended_);
    co_await report_loss(self);
}

awaitable<> UpstreamSession::report_loss(std::shared_ptr<UpstreamSession> self) {
    co_await self->calls_.empty();
    co_await asio::post(self->pool_->worker().executor(),
                        use_awaitable);  // the callers know by now
    self->under_way_.request_all(*self->ended_);
    if (self->closing_ || !self->events_) co_return;
    self->events_->on_closed(*self->ended_);
}

void UpstreamSession::recycle(ConnectionLease lease) {
    if (lease->reusable()) return std::move(lease).keep();
    if (lease->complete() || ended_) return;
    spawn_logged(pool_->worker(), drain(shared_from_this(), std::move(lease)), "http.drain");
}

awaitable<> UpstreamSession::drain(std::shared_ptr<UpstreamSession> self, ConnectionLease lease) {
    Activity activity(*self, self->background_);
    ConnectionLease connection = std::move(lease);
    connection.guard_by(activity.interrupt);
    connection->deadline = Clock::now() + kDrainLimit;
    for (std::size_t drained = 0; drained < kMaxDrained && !connection->complete();) {
        connection->body.clear();
        const Result<void> read = co_await connection->read_body();
        if (read.has_error() || activity.interrupt.requested()) co_return;
        drained += connection->body.size();
    }
    if (connection->reusable()) std::move(connection).keep();
}

std::string UpstreamSession::peer() const {
    const std::string& id = heads_.session_id();
    if (id.size() < 4 * kShownOfSessionId) return target().url.authority;
    return target().url.authority + " session=" + id.substr(0, kShownOfSessionId) + "…";
}

void UpstreamSession::end(const Error& why) {
    if (!ended_) ended_ = why;
    under_way_.request_all(why);
}

void UpstreamSession::abandon() {
    events_ = nullptr;
    end(target().failure(ErrorCode::closed, "the link was closed"));
}

awaitable<> UpstreamSession::close() {
    const auto self = shared_from_this();
    if (closing_) {
        closers_.emplace_back();
        Wakeup& mine = closers_.back();
        if (!closed_) co_await mine.wait();
        co_return;
    }
    closing_ = true;
    co_await close_once();
    closed_ = true;
    for (Wakeup& waiting : closers_)
        waiting.notify();
}

awaitable<> UpstreamSession::close_once() {
    end(target().failure(ErrorCode::closed, "the link was closed"));
    if (in_session() && !lost_) co_await remove_session();
    co_await background_.empty();
}

/// 405 means that the server doesn't let clients end sessions, which is its right.
awaitable<> UpstreamSession::remove_session() {
    Interrupt interrupt;
    HttpRequest request(HttpRequest::Method::remove, Use::message, heads_);
    request.repeatable = true;
    request.limit = target().close_timeout;
    request.session = label_;
    Result<ConnectionLease> answered = co_await exchange_heads(*pool_, request, interrupt);
    if (answered.has_error()) {
        log::debug("session not ended", {{"error", answered.error()}});
        co_return;
    }
    ConnectionLease lease = *std::move(answered);
    while (!lease->complete()) {
        lease->body.clear();
        const Result<void> read = co_await lease->read_body();
        if (read.has_error()) co_return;
    }
    if (lease->reusable()) std::move(lease).keep();
}

}  // namespace shadowcat::http
