// SPDX-License-Identifier: Apache-2.0
// A session's side towards its upstream: leasing, reopening, what the server says by itself.
#include "shadowcat/sdk/json_rpc.hpp"
#include "shadowcat/sdk/log.hpp"
#include "shadowcat/sdk/spawn.hpp"

#include "core/mcp/revisions.hpp"
#include "core/session/session.hpp"
#include "core/upstream/ask.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace shadowcat::core {

void Session::bind(Upstream& upstream) {
    upstream_ = &upstream;
    upstream_name_ = upstream.name();
    bound_.emplace(upstream);
    if (upstream.is_shared()) upstream.shared().join(*this);
}

void Session::unbind() {
    if (!bound_) return;
    bound_.reset();
    if (upstream_->is_shared()) upstream_->shared().leave(*this);
}

sdk::awaitable<sdk::Result<std::shared_ptr<LinkLease>>> Session::lease() {
    while (opening_) {
        sdk::Wakeup opened;
        waiting_for_link_.push_back(&opened);
        co_await opened.wait();
    }
    if (ended_) co_return sdk::Error(sdk::ErrorCode::closed, "the session has ended");
    if (lease_ && lease_->alive()) co_return lease_;
    if (!upstream_) {
        const sdk::Result<Upstream*> picked = context_.group.pick(sdk::PickRequest(id_, ""));
        if (picked.has_error()) co_return picked.error();
        bind(**picked);
    }
    if (upstream_->is_shared()) co_return co_await upstream_->shared().lease();
    opening_ = true;
    sdk::Result<std::shared_ptr<LinkLease>> fresh = co_await open_exclusive();
    opening_ = false;
    if (fresh.has_error() && !lease_) unbind_after_failure();
    std::vector<sdk::Wakeup*> waiting;
    waiting.swap(waiting_for_link_);
    for (sdk::Wakeup* each : waiting)
        each->notify();
    co_return fresh;
}

void Session::open_early() {
    spawn_logged(context_.worker, open_now(shared_from_this()), "session.open");
}

sdk::awaitable<> Session::open_now(std::shared_ptr<Session> self) {
    const auto lease = co_await self->lease();
    if (lease.has_error() && self->context_.link_lost) self->context_.link_lost(lease.error());
}

void Session::unbind_after_failure() {
    unbind();
    upstream_ = nullptr;  // the next request may find another upstream healthy
}

sdk::awaitable<sdk::Result<std::shared_ptr<LinkLease>>> Session::open_exclusive() {
    const bool again = !initialize_request_.empty();
    lease_.reset();
    server_requests_.clear();
    sdk::Result<std::shared_ptr<LinkLease>> fresh = co_await upstream_->lease(*this, nullptr);
    if (fresh.has_error()) co_return fresh;
    sdk::Link& link = (*fresh)->link();
    if (again) {
        const sdk::Result<void> repeated = co_await repeat_handshake(link);
        if (repeated.has_error()) {
            co_await link.close();
            co_return repeated.error().within("upstream '" + upstream_->name() + "'");
        }
    }
    if (ended_) {
        co_await link.close();
        co_return sdk::Error(sdk::ErrorCode::closed, "the session has ended");
    }
    lease_ = *fresh;
    co_return fresh;
}

/// A fresh process knows nothing of the client: it gets the client's own `initialize` again.
sdk::awaitable<sdk::Result<void>> Session::repeat_handshake(sdk::Link& link) {
    sdk::log::info("upstream reopened, session initialised again",
                   {{"session", label_}, {"upstream", upstream_->name()}});
    sdk::Message request = sdk::Message::parse(initialize_request_).value();
    const sdk::Result<sdk::Message> response =
        co_await ask(context_.worker, link, std::move(request), context_.settings.request_timeout);
    if (response.has_error()) co_return response.error();
    if (!initialized_) co_return sdk::Result<void>();
    sdk::Message initialized = sdk::make_notification("notifications/initialized");
    co_return co_await link.send(std::move(initialized));
}

void Session::remember_initialize(const sdk::Message& request) {
    const auto params =
        nlohmann::json::parse(request.bytes()).value("params", nlohmann::json::object());
    const auto capabilities = params.value("capabilities", nlohmann::json::object());
    using enum mcp::ClientCapability;
    declared_[static_cast<std::size_t>(sampling)] = capabilities.contains("sampling");
    declared_[static_cast<std::size_t>(elicitation)] = capabilities.contains("elicitation");
    declared_[static_cast<std::size_t>(roots)] = capabilities.contains("roots");
    if (!context_.settings.transparent) pending_initialize_ = request.bytes();
}

void Session::initialized_by(const sdk::Message& response) {
    if (response.kind() != sdk::MessageKind::result) return;
    const auto document = nlohmann::json::parse(response.bytes(), nullptr, false);
    const auto version = document["result"].value("protocolVersion", "");
    revision_ = version;
    initialize_request_ = std::move(pending_initialize_);
}

std::optional<sdk::Message> Session::answer_server_request(const sdk::Message& request,
                                                           bool in_exchange) {
    const bool transparent = context_.settings.transparent;
    if (!transparent && request.method() == "ping") return sdk::make_result(request.id(), "{}");
    const auto needed = static_cast<std::size_t>(mcp::method(request.method()).needs);
    if (!transparent && !declared_[needed]) {
        return sdk::make_error(request.id(), sdk::json_rpc::kMethodNotFound,
                               "the client did not declare the capability for '" +
                                   std::string(request.method()) + "'");
    }
    if (server_requests_.size() >= context_.settings.max_in_flight) {
        return sdk::make_error(request.id(), sdk::json_rpc::kInternalError,
                               "the client leaves too many requests unanswered");
    }
    server_requests_.emplace(request.id(), in_exchange);
    return std::nullopt;
}

bool Session::client_owes_answer() const {
    return std::ranges::any_of(server_requests_, [](const auto& entry) { return entry.second; });
}

void Session::forget_questions_of_exchanges() {
    std::erase_if(server_requests_, [](const auto& entry) { return entry.second; });
}

sdk::awaitable<> Session::reply_to_server(sdk::Message response) {
    const std::shared_ptr<LinkLease> lease = lease_;
    if (!lease) co_return;
    const sdk::Result<void> sent = co_await lease->link().send(std::move(response));
    if (sent.has_error()) sdk::log::debug("answer not sent", {{"error", sent.error()}});
}

sdk::awaitable<> Session::on_message(sdk::Message message) {
    const std::shared_ptr<Session> alive = shared_from_this();
    if (message.is_request()) {
        if (std::optional<sdk::Message> answer = answer_server_request(message, false)) {
            co_await reply_to_server(*std::move(answer));
            co_return;
        }
    }
    if (!context_.interceptors.empty()) {
        const sdk::Verdict verdict = co_await intercept(message, sdk::Direction::server_to_client);
        if (verdict.kind() != sdk::Verdict::Kind::pass) co_return;
    }
    co_await queue(std::move(message));
}

sdk::awaitable<> Session::queue(sdk::Message message) {
    if (outbox_.full() && listening()) co_await outbox_.room();
    if (ended_) co_return;
    if (!outbox_.full()) {
        outbox_.push(std::move(message), context_.worker.now());
    } else if (message.is_request()) {
        co_await refuse_undelivered(message);
    } else {
        context_.metrics.dropped_notifications.add();
    }
}

sdk::awaitable<> Session::refuse_undelivered(sdk::Message request) {
    server_requests_.erase(std::string(request.id()));
    sdk::Message refusal =
        sdk::make_error(request.id(), sdk::json_rpc::kInvalidParams,
                        "the client has no open stream that could carry this request");
    co_await reply_to_server(std::move(refusal));
}

void Session::expire_undelivered(sdk::TimePoint now) {
    if (listening()) return;
    while (auto message = outbox_.pop_older_than(now - context_.settings.undelivered_timeout)) {
        if (message->is_request()) {
            spawn_logged(context_.worker, expire_one(shared_from_this(), *std::move(message)),
                         "session.expire");
        } else {
            context_.metrics.dropped_notifications.add();
        }
    }
}

sdk::awaitable<> Session::expire_one(std::shared_ptr<Session> self, sdk::Message request) {
    co_await self->refuse_undelivered(std::move(request));
}

void Session::on_closed(const sdk::Error& error) {
    if (upstream_) ++upstream_->state().crashes;
    server_requests_.clear();
    sdk::log::warn(
        "upstream lost",
        {{"session", label_}, {"upstream", upstream_ ? upstream_->name() : ""}, {"error", error}});
    if (context_.link_lost) context_.link_lost(error);
}

}  // namespace shadowcat::core
