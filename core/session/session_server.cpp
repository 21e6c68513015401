// SPDX-License-Identifier: Apache-2.0
// What the server says by itself, and what it asks the client.
#include "shadowcat/sdk/json_edit.hpp"
#include "shadowcat/sdk/json_rpc.hpp"
#include "shadowcat/sdk/log.hpp"
#include "shadowcat/sdk/spawn.hpp"

#include "core/mcp/presented_revision.hpp"
#include "core/session/session.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace shadowcat::core {

namespace {

bool asks_for_url(const sdk::Message& request) {
    if (request.method() != "elicitation/create") return false;
    return sdk::json::member(request.params(), "mode") == "\"url\"";
}

}  // namespace

void Session::remember_capabilities(const sdk::Message& request) {
    const auto document = nlohmann::json::parse(request.bytes(), nullptr, false);
    const auto params = document.value("params", nlohmann::json::object());
    const auto capabilities = params.is_object()
                                  ? params.value("capabilities", nlohmann::json::object())
                                  : nlohmann::json::object();
    using enum mcp::ClientCapability;
    declared_[static_cast<std::size_t>(sampling)] = capabilities.contains("sampling");
    declared_[static_cast<std::size_t>(elicitation)] = capabilities.contains("elicitation");
    declared_[static_cast<std::size_t>(roots)] = capabilities.contains("roots");
    const auto modes = capabilities.value("elicitation", nlohmann::json());
    declared_urls_ = modes.is_object() && modes.contains("url");
}

void Session::initialized_by(sdk::Message& response, std::string_view request) {
    if (response.kind() != sdk::MessageKind::result) return;
    if (!context_.settings.transparent) mcp::present_revision(response, request);
    revision_ = sdk::json::unquote(sdk::json::at(response.bytes(), {"result", "protocolVersion"}));
    if (!context_.settings.transparent) memory_.initialize_answered(request);
}

std::optional<sdk::Message> Session::answer_server_request(const sdk::Message& request,
                                                           bool in_exchange) {
    const bool transparent = context_.settings.transparent;
    if (!transparent && request.method() == "ping") return sdk::make_result(request.id(), "{}");
    const auto needed = static_cast<std::size_t>(mcp::method(request.method()).needs);
    const bool filters = !transparent && !takes_any_question_;
    if (filters && !declared_[needed]) {
        return sdk::make_error(request.id(), sdk::json_rpc::kMethodNotFound,
                               "the client did not declare the capability for '" +
                                   std::string(request.method()) + "'");
    }
    if (filters && !declared_urls_ && asks_for_url(request)) {
        return sdk::make_error(request.id(), sdk::json_rpc::kInvalidParams,
                               "the client did not declare the elicitation mode 'url'");
    }
    if (questions_.size() >= context_.settings.max_in_flight) {
        return sdk::make_error(request.id(), sdk::json_rpc::kInternalError,
                               "the client leaves too many requests unanswered");
    }
    const bool asked = std::ranges::any_of(
        questions_, [&](const Question& each) { return each.id == request.id(); });
    if (!asked) questions_.emplace_back(request.id(), in_exchange);
    return std::nullopt;
}

bool Session::client_owes_answer() const {
    return std::ranges::any_of(questions_, &Question::in_exchange);
}

void Session::forget_questions_of_exchanges() {
    std::erase_if(questions_, [](const Question& each) { return each.in_exchange; });
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
    if (!context_.interceptors.empty() && !message.is_opaque()) {
        const sdk::Verdict verdict = co_await intercept(message, sdk::Direction::server_to_client);
        if (stops(verdict)) co_return;
    }
    co_await queue(std::move(message));
}

sdk::awaitable<> Session::on_shared_message(sdk::Message message) {
    const std::shared_ptr<Session> alive = shared_from_this();
    if (!context_.interceptors.empty()) {
        const sdk::Verdict verdict = co_await intercept(message, sdk::Direction::server_to_client);
        if (stops(verdict)) co_return;
    }
    co_await queue(std::move(message));
}

sdk::awaitable<> Session::queue(sdk::Message message) {
    if (ended()) co_return;
    if (upstream_ && message.method() == "notifications/tools/list_changed") {
        upstream_->state().tools.forget();
    }
    const bool queued = co_await streams().queue(message);
    if (queued || ended()) co_return;
    if (message.is_request()) {
        co_await refuse_undelivered(std::move(message));
    } else {
        context_.metrics.dropped_notifications.add();
    }
}

sdk::awaitable<> Session::refuse_undelivered(sdk::Message request) {
    std::erase_if(questions_, [&](const Question& each) { return each.id == request.id(); });
    sdk::Message refusal =
        sdk::make_error(request.id(), sdk::json_rpc::kInvalidParams,
                        "the client has no open stream that could carry this request");
    co_await reply_to_server(std::move(refusal));
}

void Session::expire_undelivered(sdk::TimePoint now) {
    while (auto message = streams_->pop_expired(now)) {
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

}  // namespace shadowcat::core
