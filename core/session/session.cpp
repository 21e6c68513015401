// SPDX-License-Identifier: Apache-2.0
// The way of a session's messages that are not requests, and its life.
#include "core/session/session.hpp"

#include "shadowcat/sdk/log.hpp"
#include "shadowcat/sdk/spawn.hpp"

#include "core/exchange/exchange.hpp"

#include <algorithm>

namespace shadowcat::core {

Session::Session(SessionContext& context, std::string id, std::string label)
    : context_(context),
      id_(std::move(id)),
      label_(std::move(label)),
      outbox_(context.settings.max_outbox_messages),
      last_used_(context.worker.now()) {
    context_.metrics.sessions.add();
    context_.metrics.sessions_opened.add();
    sdk::log::debug("session opened", {{"session", label_}});
}

Session::~Session() {
    unbind();
    context_.metrics.sessions.subtract();
    sdk::log::debug("session gone", {{"session", label_}});
}

sdk::awaitable<> Session::request(sdk::Message request, sdk::ReplyStream& replies) {
    const std::shared_ptr<Session> alive = shared_from_this();
    last_used_ = context_.worker.now();
    Exchange exchange(*this, replies, request);
    co_await exchange.run(std::move(request));
    last_used_ = context_.worker.now();
}

sdk::awaitable<sdk::Result<void>> Session::notify(sdk::Message message) {
    const std::shared_ptr<Session> alive = shared_from_this();
    last_used_ = context_.worker.now();
    if (ended_) {
        co_return sdk::downstream_error(sdk::ErrorCode::unknown_session, "the session has ended");
    }
    if (!context_.interceptors.empty()) {
        const sdk::Verdict verdict = co_await intercept(message, sdk::Direction::client_to_server);
        if (verdict.kind() != sdk::Verdict::Kind::pass) co_return sdk::Result<void>();
    }
    if (message.is_response() && !accept_response(message)) co_return sdk::Result<void>();
    if (message.method() == "notifications/cancelled" && cancel_exchange(message)) {
        co_return sdk::Result<void>();
    }
    if (message.method() == "notifications/initialized") initialized_ = true;
    co_return co_await forward(std::move(message));
}

bool Session::accept_response(const sdk::Message& response) {
    if (server_requests_.erase(std::string(response.id())) != 0) {
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

sdk::awaitable<sdk::Result<void>> Session::forward(sdk::Message message) {
    const sdk::Result<std::shared_ptr<LinkLease>> lease = co_await this->lease();
    if (lease.has_error()) co_return lease.error();
    const std::shared_ptr<LinkLease> held = *lease;
    const bool stays_here = upstream_->is_shared() &&
                            mcp::method(message.method()).when_shared == mcp::WhenShared::swallow;
    if (stays_here) co_return sdk::Result<void>();
    co_return co_await held->link().send(std::move(message));
}

sdk::Result<void> Session::can_listen(std::string_view) const {
    if (ended_) {
        return sdk::downstream_error(sdk::ErrorCode::unknown_session, "the session has ended");
    }
    if (outbox_.reading()) {
        return sdk::downstream_error(sdk::ErrorCode::invalid_request,
                                     "the session has an open stream already");
    }
    return {};
}

sdk::awaitable<sdk::Result<void>> Session::listen(sdk::ReplyStream& stream,
                                                  std::string_view last_event_id) {
    const std::shared_ptr<Session> alive = shared_from_this();
    const sdk::Result<void> possible = can_listen(last_event_id);
    if (possible.has_error()) co_return possible;
    const sdk::Gate::Pass pass = ending_.enter();
    outbox_.start();
    while (std::optional<sdk::Message> message = co_await outbox_.pop()) {
        last_used_ = context_.worker.now();
        const sdk::Result<void> written = co_await stream.write(*std::move(message));
        if (written.has_error()) break;
    }
    outbox_.stop();
    co_return sdk::Result<void>();
}

sdk::awaitable<> Session::end() {
    const std::shared_ptr<Session> alive = shared_from_this();
    if (ended_) co_return;
    ended_ = true;
    context_.forget(id_);
    outbox_.stop();
    const std::shared_ptr<LinkLease> lease = std::move(lease_);
    const bool shared = upstream_ && upstream_->is_shared();
    const std::vector<Exchange*> running = exchanges_;
    for (Exchange* exchange : running) {
        const bool still_there = std::ranges::find(exchanges_, exchange) != exchanges_.end();
        if (still_there) {
            exchange->cancel(sdk::Error(sdk::ErrorCode::closed, "the session has ended"));
        }
    }
    if (lease && !shared) co_await lease->link().close();
    unbind();
    co_await ending_.empty();
}

void Session::end_later() {
    if (!ended_) spawn_logged(context_.worker, end(), "session.end");
}

sdk::awaitable<sdk::Verdict> Session::intercept(sdk::Message& message, sdk::Direction direction) {
    const std::string_view upstream = upstream_ ? std::string_view(upstream_->name()) : "";
    const sdk::MessageContext context(direction, label_, upstream);
    co_return co_await context_.interceptors.run(message, context);
}

bool Session::sweep(sdk::TimePoint now) {
    const std::vector<Exchange*> running = exchanges_;
    for (Exchange* exchange : running) {
        if (std::ranges::find(exchanges_, exchange) != exchanges_.end()) exchange->sweep(now);
    }
    expire_undelivered(now);
    const bool idle = exchanges_.empty() && !listening();
    return idle && !ended_ && now - last_used_ > context_.settings.idle_timeout;
}

}  // namespace shadowcat::core
