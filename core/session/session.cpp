// SPDX-License-Identifier: Apache-2.0
// The way of a session's messages that are not requests, and its life.
#include "core/session/session.hpp"

#include "shadowcat/sdk/log.hpp"
#include "shadowcat/sdk/spawn.hpp"

#include "core/exchange/exchange.hpp"

#include <algorithm>

namespace shadowcat::core {

Session::Session(SessionContext& context, std::string id, std::string label,
                 const sdk::ClientInfo& client, sdk::Era era)
    : context_(context),
      id_(std::move(id)),
      label_(std::move(label)),
      principal_(client.principal),
      era_(era),
      opened_(context.worker.now()),
      last_used_(opened_) {
    seen_from(client.peer);
    if (is_stateless()) return;
    context_.metrics.sessions.add();
    context_.metrics.sessions_opened.add();
    sdk::log::debug("session opened", {{"session", label_}});
    if (context_.worker.observer()) tell_opened(client.peer);
}

Session::~Session() {
    unbind();
    if (is_stateless()) return;
    context_.metrics.sessions.subtract();
    sdk::log::debug("session gone", {{"session", label_}});
}

void Session::seen_from(std::string_view peer) {
    if (context_.records() && peer_ != peer) peer_ = peer;
}

sdk::awaitable<> Session::request(sdk::Message request, sdk::ReplyStream& replies) {
    const std::shared_ptr<Session> alive = shared_from_this();
    last_used_ = context_.worker.now();
    Exchange exchange(*this, replies, request);
    sdk::Result<void> done = exchange.may_begin();
    if (done.has_value()) done = co_await exchange.perform(request);
    while (exchange.goes_again(done, request))
        done = co_await exchange.again(request);
    if (done.has_error()) co_await exchange.finish(done.error());
    last_used_ = context_.worker.now();
}

sdk::awaitable<sdk::Result<void>> Session::notify(sdk::Message message) {
    const std::shared_ptr<Session> alive = shared_from_this();
    last_used_ = context_.worker.now();
    if (ended()) co_return end_error();
    if (!context_.interceptors.empty() && !message.is_opaque()) {
        const sdk::Verdict verdict = co_await intercept(message, sdk::Direction::client_to_server);
        if (stops(verdict)) co_return sdk::Result<void>();
    }
    if (message.is_response() && !accept_response(message)) co_return sdk::Result<void>();
    if (message.method() == "notifications/cancelled" && cancel_exchange(message)) {
        co_return sdk::Result<void>();
    }
    co_return co_await forward(std::move(message));
}

bool Session::accept_response(const sdk::Message& response) {
    if (std::erase_if(questions_, [&](const Question& each) { return each.id == response.id(); })) {
        for (Exchange* exchange : exchanges_)
            exchange->sign_of_life();
        return true;
    }
    if (context_.settings.transparent) return true;
    context_.metrics.late_responses.add();
    return false;
}

bool Session::cancel_exchange(sdk::Message& notice) {
    const auto named = std::ranges::find_if(exchanges_, [&](const Exchange* exchange) {
        return exchange->cancellable_as(notice.cancelled_id());
    });
    if (named == exchanges_.end())
        return !context_.settings.transparent;  // late or foreign: ignored
    (*named)->cancel(
        sdk::downstream_error(sdk::ErrorCode::cancelled, "the client cancelled the request"),
        std::move(notice));
    return true;
}

/// A server that no longer knows the session has not taken the notification either.
sdk::awaitable<sdk::Result<void>> Session::forward(sdk::Message message) {
    const bool initialized = message.method() == "notifications/initialized";
    std::optional<sdk::Message> again;
    if (!message.is_response()) again = message;
    sdk::Result<void> sent = co_await forward_once(std::move(message));
    const bool unknown = sent.has_error() && sent.error().code() == sdk::ErrorCode::unknown_session;
    if (unknown && again && !ended()) sent = co_await forward_once(*std::move(again));
    if (sent.has_value() && initialized) memory_.initialized();
    co_return sent;
}

sdk::awaitable<sdk::Result<void>> Session::forward_once(sdk::Message message) {
    const sdk::Result<std::shared_ptr<LinkLease>> lease = co_await this->lease(nullptr);
    if (lease.has_error()) co_return lease.error();
    const std::shared_ptr<LinkLease> held = *lease;
    const Use use(*this);
    const bool stays_here =
        is_shared() && mcp::method(message.method()).when_shared == mcp::WhenShared::swallow;
    if (stays_here) co_return sdk::Result<void>();
    const sdk::Result<void> sent = co_await held->link().send(std::move(message));
    if (sent.has_error()) check_link(held, sent.error());
    co_return sent;
}

sdk::Result<void> Session::can_listen(std::string_view last_event_id) const {
    if (ended()) return end_error();
    if (streams_) return streams_->can_listen(last_event_id);
    if (!last_event_id.empty()) return ClientStreams::unknown_event();
    return {};
}

sdk::awaitable<sdk::Result<void>> Session::listen(sdk::ReplyStream& stream,
                                                  std::string_view last_event_id) {
    const std::shared_ptr<Session> alive = shared_from_this();
    const sdk::Result<void> possible = can_listen(last_event_id);
    if (possible.has_error()) co_return possible;
    const bool standalone = streams().is_standalone(last_event_id);
    if (standalone) tell_listening(true);
    co_await streams_->listen(stream, last_event_id, revision_ >= "2025-11-25");
    if (standalone && !listening()) tell_listening(false);
    last_used_ = context_.worker.now();
    co_return sdk::Result<void>();
}

void Session::stop_listening(const sdk::ReplyStream& stream) {
    if (streams_) streams_->stop(stream);
}

ClientStreams& Session::streams() {
    if (!streams_) {
        streams_ =
            std::make_unique<ClientStreams>(context_.worker, context_.settings, context_.metrics);
    }
    return *streams_;
}

ProxyMetrics::Requests& Session::requests() {
    if (!requests_) requests_ = &context_.metrics.requests(upstream_name_);
    return *requests_;
}

sdk::Error Session::end_error() const {
    return sdk::downstream_error(
        sdk::ErrorCode::unknown_session,
        lost_ ? "the server has lost this session; initialize a new one" : "the session has ended");
}

sdk::awaitable<> Session::finish() {
    const std::shared_ptr<Session> alive = shared_from_this();
    if (!context_.settings.passes_text || finishing_) co_return;
    if (opening_) co_await wait_for_opening(nullptr);
    if (ended() || !lease_ || !lease_->link().end_input()) co_return;
    sdk::Wakeup gone;
    finishing_ = &gone;
    co_await gone.wait();
}

/// Lets `finish` go on.
void Session::finished() {
    if (finishing_) std::exchange(finishing_, nullptr)->notify();
}

sdk::awaitable<> Session::end() { return end_because("ended by the client"); }

sdk::awaitable<> Session::end_because(std::string_view reason) {
    const std::shared_ptr<Session> alive = shared_from_this();
    if (ended_) co_return;
    ended_ = true;
    if (!is_stateless()) context_.forget(id_);
    if (streams_) streams_->stop_all();
    const std::shared_ptr<LinkLease> lease = std::move(lease_);
    finished();
    const sdk::Error over(sdk::ErrorCode::closed, "the session has ended");
    cancel_exchanges(over);
    if (lease) co_await lease->link().close();
    if (lease) report_exit(lease->link());
    if (lease && context_.worker.observer()) tell_link_closed("closed, " + lease->link().peer());
    if (uses_ == 0) unbind();
    if (streams_) co_await streams_->left();
    if (!is_stateless() && context_.worker.observer()) tell_closed(reason);
}

void Session::withdraw(const sdk::Error& reason) { cancel_exchanges(reason); }

void Session::cancel_exchanges(const sdk::Error& reason) {
    const std::vector<Exchange*> running = exchanges_;
    for (Exchange* exchange : running) {
        const bool still_there = std::ranges::find(exchanges_, exchange) != exchanges_.end();
        if (!still_there) continue;
        exchange->cancel(reason);
    }
}

void Session::end_later(const char* reason) {
    if (!ended_) spawn_logged(context_.worker, end_now(shared_from_this(), reason), "session.end");
}

sdk::awaitable<> Session::end_now(std::shared_ptr<Session> self, const char* reason) {
    co_await self->end_because(reason);
}

InterceptorChain::Passage Session::passage(const sdk::Message& message, sdk::Direction direction,
                                           Exchange* exchange, bool ours) {
    sdk::MessageContext context(direction, label_,
                                upstream_ ? upstream_->name() : std::string_view());
    context.revision = is_stateless() ? message.meta_version() : revision_;
    context.era = era_;
    context.made_by_proxy = ours;
    if (exchange) exchange->describe(context);
    const bool on_stream = !exchange && direction == sdk::Direction::server_to_client && streams_;
    if (on_stream) context.stream = streams_->listening_stream();
    return context_.interceptors.passage(context);
}

std::optional<sdk::Verdict> Session::intercept_at_once(InterceptorChain::Passage& passage,
                                                       sdk::Message& message) {
    std::optional<sdk::Verdict> verdict = passage.at_once(message);
    if (verdict && verdict->kind() == sdk::Verdict::Kind::kill_server) kill_server();
    return verdict;
}

sdk::awaitable<sdk::Verdict> Session::intercept_waiting(InterceptorChain::Passage& passage,
                                                        sdk::Message& message, Exchange* exchange) {
    if (exchange) exchange->hold();
    sdk::Verdict verdict = co_await passage.wait(message);
    if (exchange) exchange->go_on();
    if (verdict.kind() == sdk::Verdict::Kind::kill_server) kill_server();
    co_return verdict;
}

sdk::awaitable<sdk::Verdict> Session::intercept(sdk::Message& message, sdk::Direction direction,
                                                Exchange* exchange, bool ours) {
    InterceptorChain::Passage passage = this->passage(message, direction, exchange, ours);
    std::optional<sdk::Verdict> verdict = intercept_at_once(passage, message);
    if (!verdict) verdict = co_await intercept_waiting(passage, message, exchange);
    co_return *std::move(verdict);
}

void Session::kill_server() noexcept {
    if (lease_) lease_->link().kill();
}

bool Session::signal_server(int number) noexcept {
    if (!lease_ || !lease_->alive()) return false;
    lease_->link().signal(number);
    return true;
}

bool Session::sweep(sdk::TimePoint now) {
    const std::vector<Exchange*> running = exchanges_;
    for (Exchange* exchange : running) {
        if (std::ranges::find(exchanges_, exchange) != exchanges_.end()) exchange->sweep(now);
    }
    if (ended()) return false;
    if (streams_) {
        expire_undelivered(now);
        if (streams_->age(now) && exchanges_.empty()) streams_.reset();
    }
    retire_link();
    const bool idle = exchanges_.empty() && !(streams_ && streams_->has_readers());
    return idle && now - last_used_ > context_.settings.idle_timeout;
}

}  // namespace shadowcat::core
