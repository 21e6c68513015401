// SPDX-License-Identifier: Apache-2.0
// There, back, and between the two the client's answers.
#include "core/bridge/to_stateless/session_call.hpp"

#include "shadowcat/sdk/json_rpc.hpp"
#include "shadowcat/sdk/log.hpp"

#include "core/bridge/to_stateless/session_bridge.hpp"
#include "core/bridge/to_stateless/session_request.hpp"
#include "core/bridge/to_stateless/session_result.hpp"
#include "core/upstream/call_alarm.hpp"

namespace shadowcat::core {

namespace {

/// The methods whose results may ask for input.
bool may_ask_for_input(std::string_view method) {
    return method == "tools/call" || method == "prompts/get" || method == "resources/read";
}

/// Something of the call has been sent before, so repeating it is not harmless.
sdk::Error not_the_first(const sdk::Error& error) {
    return sdk::Error(error.code(), error.message(), error.source());
}

sdk::Message with_error(const std::string& id, const std::string& error) {
    const sdk::Result<sdk::Message> response =
        sdk::Message::parse(R"({"jsonrpc":"2.0","id":)" + id + R"(,"error":)" + error + "}");
    if (response.has_value()) return *response;
    return sdk::make_error(id, sdk::json_rpc::kInternalError, "the client refused");
}

}  // namespace

SessionCall::SessionCall(SessionBridge& bridge, const sdk::Message& request,
                         sdk::ReplyStream& client, sdk::Cancellation& cancellation)
    : bridge_(bridge),
      client_(client),
      cancellation_(cancellation),
      id_(request.id()),
      method_(request.method()),
      may_ask_(may_ask_for_input(method_)) {
    bridge_.enter(*this);
}

SessionCall::~SessionCall() { bridge_.leave(*this); }

sdk::awaitable<sdk::Result<void>> SessionCall::run(sdk::Message request) {
    const std::size_t depth = bridge_.max_depth();
    sdk::Result<sdk::Message> next = stateless_request(request, bridge_.client(), depth);
    while (next.has_value()) {
        if (may_ask_ && !kept_) kept_ = *next;
        sdk::Message sent = *std::move(next);
        const sdk::Result<void> done =
            co_await bridge_.server().call(std::move(sent), *this, cancellation_);
        if (done.has_error() && rounds_ > 0) co_return not_the_first(done.error());
        if (done.has_error() || !asked_) co_return done;
        const sdk::Result<Next> after = co_await ask_client();
        if (after.has_error()) co_return after.error();
        if (*after == Next::answered) co_return sdk::Result<void>();
        next = with_inputs(*kept_, bridge_.new_id(), round_->responses(), round_->state(), depth);
    }
    sdk::Message refusal = sdk::make_error(id_, next.error());
    co_return co_await client_.write(std::move(refusal));
}

sdk::awaitable<sdk::Result<void>> SessionCall::write(sdk::Message message) {
    if (!message.is_response()) {
        const bool wanted =
            message.method() == "notifications/progress" ||
            (message.method() == "notifications/message" && bridge_.client().wants_log());
        if (wanted && message.is_notification())
            co_return co_await client_.write(std::move(message));
        sdk::log::debug("message of a stateless server dropped", {{"method", message.method()}});
        co_return sdk::Result<void>();
    }
    const StatelessResult result(message);
    if (may_ask_ && result.type == ResultType::input_required) {
        asked_ = std::move(message);
        co_return sdk::Result<void>();
    }
    bridge_.look_at(message);
    std::optional<sdk::Message> translated =
        session_response(message, result, method_, bridge_.max_depth());
    if (translated) message = *std::move(translated);
    if (message.id() != id_) message.set_id(id_);
    co_return co_await client_.write(std::move(message));
}

sdk::awaitable<sdk::Result<void>> SessionCall::fail(sdk::Error error, sdk::Message response) {
    return client_.fail(std::move(error), std::move(response));
}

/// The client's part of one round; afterwards `round_` has what the server wants to have.
sdk::awaitable<sdk::Result<SessionCall::Next>> SessionCall::ask_client() {
    const sdk::Message asked = *std::move(asked_);
    asked_.reset();
    const StatelessResult result(asked);
    std::string why_not;
    if (++rounds_ > bridge_.settings().max_input_rounds) {
        why_not = "the server asks for input again and again";
        co_return co_await refuse(std::move(why_not));
    }
    sdk::Result<InputRound> begun =
        InputRound::begin(result.input_requests, result.request_state, bridge_.client(),
                          [this] { return bridge_.new_id(); });
    if (begun.has_error()) {
        why_not = begun.error().message();
        co_return co_await refuse(std::move(why_not));
    }
    round_ = *std::move(begun);
    if (round_->questions().empty()) {
        ++empty_rounds_;
        co_await pause();
        if (const auto why = stopped()) co_return *why;
        co_return Next::again;
    }
    empty_rounds_ = 0;
    const sdk::Result<void> put = co_await put_questions();
    if (put.has_error()) co_return put.error();
    co_await wait_for_answers();
    if (const auto why = stopped()) co_return *why;
    if (round_->failure().empty()) co_return Next::again;
    co_await withdraw_questions();
    sdk::Message refusal = with_error(id_, round_->failure());
    co_await client_.write(std::move(refusal));
    co_return Next::answered;
}

std::optional<sdk::Error> SessionCall::stopped() const {
    if (cancellation_.requested()) return cancellation_.reason();
    return ended_;
}

/// An answer may come before the next question is put.
sdk::awaitable<sdk::Result<void>> SessionCall::put_questions() {
    for (std::size_t i = 0; i < round_->questions().size(); ++i) {
        const auto why = stopped();
        if (why) co_return *why;
        if (!round_->failure().empty()) break;
        sdk::Message question = round_->questions()[i];
        const sdk::Result<void> put = co_await client_.write(std::move(question));
        if (put.has_error()) co_return put;
    }
    co_return sdk::Result<void>();
}

sdk::awaitable<> SessionCall::wait_for_answers() {
    cancellation_.on_request([this] { wakeup_.notify(); });
    while (!round_->over() && !stopped())
        co_await wakeup_.wait();
    cancellation_.on_request({});
}

/// So that nobody sits in front of a question that has become pointless.
sdk::awaitable<> SessionCall::withdraw_questions() {
    const std::vector<std::string> ids = round_->unanswered();
    for (const std::string& id : ids) {
        sdk::Message notice =
            sdk::make_notification("notifications/cancelled", "{\"requestId\":" + id + "}");
        co_await client_.write(std::move(notice));
    }
}

sdk::awaitable<> SessionCall::pause() {
    const auto pause = pause_before_round(empty_rounds_);
    if (pause.count() == 0) co_return;
    bool due = false;
    CallAlarm alarm(bridge_.worker(), pause, [this, &due] {
        due = true;
        wakeup_.notify();
    });
    cancellation_.on_request([this] { wakeup_.notify(); });
    while (!due && !stopped())
        co_await wakeup_.wait();
    cancellation_.on_request({});
}

sdk::awaitable<sdk::Result<SessionCall::Next>> SessionCall::refuse(std::string why) {
    sdk::log::warn("call of a stateless server given up", {{"method", method_}, {"reason", why}});
    sdk::Message refusal = sdk::make_error(id_, sdk::json_rpc::kInternalError, why,
                                           R"({"gateway":"shadowcat","source":"upstream"})");
    co_await client_.write(std::move(refusal));
    co_return Next::answered;
}

void SessionCall::answered(const sdk::Message& response) {
    round_->answer(response);
    wakeup_.notify();
}

void SessionCall::end(const sdk::Error& error) {
    if (!ended_) ended_ = error;
    wakeup_.notify();
}

}  // namespace shadowcat::core
