// SPDX-License-Identifier: Apache-2.0
// Being the client of a session.
#include "core/bridge/to_sessions/stand_in.hpp"

#include "shadowcat/sdk/json_edit.hpp"
#include "shadowcat/sdk/json_rpc.hpp"
#include "shadowcat/sdk/log.hpp"

#include "core/bridge/to_sessions/declared_input.hpp"

#include <algorithm>

namespace shadowcat::core {

namespace {

/// Waits for the response to a request of the bridge's own.
class Answer final : public sdk::ReplyStream {
public:
    explicit Answer(StandIn& stand_in) : stand_in_(stand_in) {}

    sdk::awaitable<sdk::Result<void>> write(sdk::Message message) override {
        if (message.is_response()) {
            response = std::move(message);
        } else if (message.is_request()) {
            co_await stand_in_.redirect(std::move(message));
        } else if (is_for_listeners(message.method())) {
            stand_in_.listens().offer(message);
        }
        co_return sdk::Result<void>();
    }
    sdk::awaitable<sdk::Result<void>> fail(sdk::Error error, sdk::Message) override {
        failure = std::move(error);
        co_return sdk::Result<void>();
    }

    std::optional<sdk::Message> response;
    std::optional<sdk::Error> failure;

private:
    StandIn& stand_in_;
};

sdk::Error refused(const sdk::Message& response) {
    const std::optional<int> code = sdk::error_code_of(response);
    return sdk::upstream_error(
        sdk::ErrorCode::protocol,
        "the server refused 'initialize'" + (code ? " (" + std::to_string(*code) + ")" : ""));
}

}  // namespace

sdk::Error bridged_error(const std::optional<sdk::Error>& error) {
    if (!error) return sdk::upstream_error(sdk::ErrorCode::closed, "the session has ended");
    if (error->code() != sdk::ErrorCode::unknown_session) return *error;
    return sdk::upstream_error(sdk::ErrorCode::closed,
                               "the server has lost the session that stood in for the client");
}

StandIn::StandIn(sdk::Worker& worker, std::shared_ptr<sdk::ClientSession> session,
                 std::string initialize, bool shared, std::size_t max_subscriptions)
    : worker_(worker),
      session_(std::move(session)),
      initialize_(std::move(initialize)),
      shared_(shared),
      can_be_asked_(DeclaredInput(sdk::json::member(initialize_, "capabilities")).any()),
      listens_(*this, max_subscriptions),
      last_used_(worker.now()) {}

sdk::awaitable<sdk::Result<void>> StandIn::ready() {
    const std::shared_ptr<StandIn> self = shared_from_this();
    if (phase_ == Phase::opening) {
        waiting_.emplace_back();
        sdk::Wakeup& mine = waiting_.back();
        co_await mine.wait();
    } else if (phase_ == Phase::fresh) {
        phase_ = Phase::opening;
        const sdk::Result<void> done = co_await initialize();
        if (done.has_error()) failure_ = done.error();
        phase_ = Phase::open;
        dead_ |= failure_.has_value();
        for (sdk::Wakeup& each : waiting_)
            each.notify();
    }
    if (failure_) co_return *failure_;
    co_return sdk::Result<void>();
}

sdk::awaitable<sdk::Result<void>> StandIn::initialize() {
    const sdk::Result<sdk::Message> response = co_await ask_server("initialize", initialize_);
    initialize_ = std::string();
    if (response.has_error()) co_return response.error();
    if (response->kind() == sdk::MessageKind::error) co_return refused(*response);
    server_ = ServerFacts(sdk::json::member(response->bytes(), "result"));
    sdk::Message initialized = sdk::make_notification("notifications/initialized");
    const sdk::Result<void> told = co_await tell(std::move(initialized));
    if (told.has_value() && can_be_asked_ && !dead_) listens_.keep_open();
    co_return told;
}

sdk::awaitable<sdk::Result<sdk::Message>> StandIn::ask_server(std::string_view method,
                                                              std::string_view params) {
    const std::shared_ptr<StandIn> self = shared_from_this();
    Answer answer(*this);
    sdk::Message request = sdk::make_request(mint(), method, params);
    co_await session_->request(std::move(request), answer);
    if (answer.response) co_return *std::move(answer.response);
    co_return bridged_error(answer.failure);
}

sdk::awaitable<sdk::Result<void>> StandIn::tell(sdk::Message message) {
    const std::shared_ptr<StandIn> self = shared_from_this();
    sdk::Result<void> told = co_await session_->notify(std::move(message));
    if (told.has_error()) co_return bridged_error(told.error());
    co_return told;
}

sdk::awaitable<> StandIn::tune_log() {
    const auto wanted = std::ranges::find_if(demands_, [](unsigned count) { return count != 0; });
    const auto severity = static_cast<std::size_t>(wanted - demands_.begin());
    if (!server_.logs || wanted == demands_.end() || severity == level_) co_return;
    level_ = severity;
    const std::string params = "{\"level\":\"" + std::string(kLogLevels[severity]) + "\"}";
    const sdk::Result<sdk::Message> response = co_await ask_server("logging/setLevel", params);
    const bool set = response.has_value() && response->kind() == sdk::MessageKind::result;
    if (!set) sdk::log::debug("log level not set", {{"level", kLogLevels[severity]}});
}

sdk::awaitable<> StandIn::redirect(sdk::Message question) {
    if (Askable* const call = askable()) {
        co_await call->ask(std::move(question));
        co_return;
    }
    sdk::Message refusal = refusal_of(question, false);
    co_await tell(std::move(refusal));
}

sdk::awaitable<> StandIn::end() {
    const std::shared_ptr<StandIn> self = shared_from_this();
    dead_ = true;
    listens_.end();
    co_await session_->end();
}

}  // namespace shadowcat::core
