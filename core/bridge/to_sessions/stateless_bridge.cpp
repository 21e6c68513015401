// SPDX-License-Identifier: Apache-2.0
// What becomes of each request.
#include "core/bridge/to_sessions/stateless_bridge.hpp"

#include "shadowcat/sdk/json_edit.hpp"
#include "shadowcat/sdk/json_rpc.hpp"

#include "core/bridge/to_sessions/bridge_context.hpp"
#include "core/bridge/to_sessions/bridged_call.hpp"
#include "core/bridge/to_sessions/bridged_listen.hpp"
#include "core/bridge/to_sessions/request_state.hpp"
#include "core/bridge/to_sessions/stateless_messages.hpp"
#include "core/mcp/methods.hpp"

namespace shadowcat::core {

namespace json = shadowcat::sdk::json;

namespace {

sdk::awaitable<> refuse(std::string id, int code, std::string why, sdk::ReplyStream& replies) {
    sdk::Message refusal = sdk::make_error(id, code, why);
    co_await replies.write(std::move(refusal));
}

sdk::awaitable<> fail(std::string id, sdk::Error error, sdk::ReplyStream& replies) {
    sdk::Error told = bridged_error(error);
    sdk::Message response = sdk::make_error(id, told);
    co_await replies.fail(std::move(told), std::move(response));
}

/// Tasks of the session era are another thing than those of this one.
bool is_served(std::string_view method) {
    return mcp::method(method).in_stateless() && !method.starts_with("tasks/");
}

std::string unknown_method(const sdk::Message& request) {
    return "method '" + std::string(request.method()) + "' is not served in this revision";
}

}  // namespace

/// One request of a client, while it is performed.
class StatelessBridge::State final : public BridgeContext {
public:
    using BridgeContext::BridgeContext;

    sdk::awaitable<> discover(const StatelessClient& client, std::string id,
                              sdk::ReplyStream& replies, sdk::Cancellation& cancellation);
    sdk::awaitable<> call(StatelessClient client, sdk::Message request, std::size_t rounds,
                          sdk::ReplyStream& replies, sdk::Cancellation& cancellation);
    sdk::awaitable<> retry(StatelessClient client, sdk::Message request, sdk::ReplyStream& replies,
                           sdk::Cancellation& cancellation);

private:
    sdk::awaitable<> resume(const RequestState& state, const StatelessClient& client,
                            sdk::Message request, sdk::ReplyStream& replies,
                            sdk::Cancellation& cancellation);
    sdk::awaitable<> retry_after_visits(const RequestState& state, StatelessClient client,
                                        sdk::Message request, std::string context,
                                        sdk::ReplyStream& replies, sdk::Cancellation& cancellation);
    sdk::awaitable<> ask_again(const RequestState& state, std::string id, std::string context,
                               sdk::ReplyStream& replies);
};

sdk::awaitable<> StatelessBridge::State::discover(const StatelessClient& client, std::string id,
                                                  sdk::ReplyStream& replies,
                                                  sdk::Cancellation& cancellation) {
    const auto found = stand_ins.find(client);
    if (found.has_error()) co_return co_await fail(id, found.error(), replies);
    const std::shared_ptr<StandIn> stand_in = *found;
    sdk::Result<void> ready;
    {
        const StandIn::Use use(*stand_in);
        ready = co_await stand_in->ready();
    }
    stand_ins.release(stand_in);
    if (cancellation.requested()) co_return;
    if (ready.has_error()) co_return co_await fail(id, ready.error(), replies);
    const ServerFacts& server = stand_in->server();
    sdk::Message answer = stateless_result(id, "server/discover", server.discover_result(), server);
    co_await replies.write(std::move(answer));
}

sdk::awaitable<> StatelessBridge::State::call(StatelessClient client, sdk::Message request,
                                              std::size_t rounds, sdk::ReplyStream& replies,
                                              sdk::Cancellation& cancellation) {
    const Attendance attendance(request);
    const auto call = std::make_shared<BridgedCall>(*this, std::move(client), std::move(request));
    call->start(rounds);
    co_await call->attend(attendance, replies, cancellation);
}

sdk::awaitable<> StatelessBridge::State::retry(StatelessClient client, sdk::Message request,
                                               sdk::ReplyStream& replies,
                                               sdk::Cancellation& cancellation) {
    std::string context = state_context(client.principal, request.method(), request.params());
    const std::string sealed = json::unquote(json::member(request.params(), "requestState"));
    const std::optional<RequestState> state = RequestState::open(seal, sealed, context);
    const std::string id(request.id());
    if (!state) {
        co_return co_await refuse(id, sdk::json_rpc::kInvalidParams,
                                  "'requestState' was not given for this request", replies);
    }
    if (state->expiry <= worker.now()) {
        co_return co_await refuse(id, sdk::json_rpc::kInvalidParams, "'requestState' has expired",
                                  replies);
    }
    if (state->kind == RequestState::Kind::parked) {
        co_await resume(*state, client, std::move(request), replies, cancellation);
    } else {
        co_await retry_after_visits(*state, std::move(client), std::move(request),
                                    std::move(context), replies, cancellation);
    }
}

sdk::awaitable<> StatelessBridge::State::resume(const RequestState& state,
                                                const StatelessClient& client, sdk::Message request,
                                                sdk::ReplyStream& replies,
                                                sdk::Cancellation& cancellation) {
    std::shared_ptr<BridgedCall> call = parked.take(state.ticket);
    const std::string id(request.id());
    if (!call) {
        co_return co_await refuse(id, sdk::json_rpc::kInvalidParams,
                                  "'requestState' was used before, or has expired", replies);
    }
    const std::string responses(json::member(request.params(), "inputResponses"));
    if (!call->understands(responses)) {
        parked.put(state.ticket, std::move(call), state.expiry);
        co_return co_await refuse(id, sdk::json_rpc::kInvalidParams,
                                  "'inputResponses' is malformed", replies);
    }
    const Attendance attendance(request);
    const DeclaredInput input(client.capabilities);
    co_await call->resume(attendance, responses, input, replies, cancellation);
}

sdk::awaitable<> StatelessBridge::State::retry_after_visits(
    const RequestState& state, StatelessClient client, sdk::Message request, std::string context,
    sdk::ReplyStream& replies, sdk::Cancellation& cancellation) {
    const UrlAnswer answer =
        judge_url_answers(state.questions, json::member(request.params(), "inputResponses"));
    const std::string id(request.id());
    if (answer == UrlAnswer::malformed) {
        co_return co_await refuse(id, sdk::json_rpc::kInvalidParams,
                                  "'inputResponses' is malformed", replies);
    }
    if (!parked.use(state.ticket, state.expiry)) {
        co_return co_await refuse(id, sdk::json_rpc::kInvalidParams,
                                  "'requestState' was used before", replies);
    }
    if (answer == UrlAnswer::incomplete) {
        co_return co_await ask_again(state, id, std::move(context), replies);
    }
    if (answer == UrlAnswer::all_accepted) {
        co_return co_await call(std::move(client), std::move(request), state.rounds, replies,
                                cancellation);
    }
    sdk::Message declined = visits_declined(id, request.method());
    co_await replies.write(std::move(declined));
}

sdk::awaitable<> StatelessBridge::State::ask_again(const RequestState& state, std::string id,
                                                   std::string context, sdk::ReplyStream& replies) {
    if (state.rounds >= settings.max_input_rounds) {
        const sdk::Error often = sdk::downstream_error(
            sdk::ErrorCode::unavailable, "the client was asked for input again and again");
        co_return co_await fail(id, often, replies);
    }
    RequestState next(RequestState::Kind::url_retry, worker.now() + settings.input_timeout,
                      state.rounds + 1);
    next.questions = state.questions;
    const std::string sealed = next.sealed(seal, context);
    sdk::Message question = input_required(id, next.questions, sealed, ServerFacts());
    co_await replies.write(std::move(question));
}

StatelessBridge::StatelessBridge(sdk::Worker& worker, sdk::Service& sessions,
                                 const BridgeSettings& settings, const Seal& seal)
    : state_(std::make_shared<State>(worker, sessions, settings, seal)) {}

StatelessBridge::~StatelessBridge() { state_->parked.clear(); }

sdk::awaitable<> StatelessBridge::perform(sdk::Message request, const sdk::ClientInfo& client,
                                          sdk::ReplyStream& replies,
                                          sdk::Cancellation& cancellation) {
    const std::shared_ptr<State> state = state_;
    const sdk::Gate::Pass pass = state->inside.enter();
    const std::string id(request.id());
    if (state->inside.closed()) {
        const sdk::Error closed(sdk::ErrorCode::unavailable, "the proxy is shutting down");
        co_return co_await fail(id, closed, replies);
    }
    if (!is_served(request.method())) {
        co_return co_await refuse(id, sdk::json_rpc::kMethodNotFound, unknown_method(request),
                                  replies);
    }
    StatelessClient who(client, request);
    if (request.method() == "server/discover") {
        co_await state->discover(who, id, replies, cancellation);
    } else if (request.method() == "subscriptions/listen") {
        co_await serve_listen(*state, who, request, replies, cancellation);
    } else if (brings_state(request)) {
        co_await state->retry(std::move(who), std::move(request), replies, cancellation);
    } else {
        co_await state->call(std::move(who), std::move(request), 0, replies, cancellation);
    }
}

void StatelessBridge::sweep(sdk::TimePoint now) {
    const std::vector<std::shared_ptr<BridgedCall>> expired = state_->parked.take_expired(now);
    for (const std::shared_ptr<BridgedCall>& call : expired)
        call->expire();
    state_->stand_ins.sweep(now);
}

/// Calls in flight fail with their sessions.
sdk::awaitable<> StatelessBridge::stop() {
    const std::shared_ptr<State> state = state_;
    state->inside.close();
    state->parked.clear();
    co_await state->stand_ins.end_all();
    co_await state->inside.empty();
}

}  // namespace shadowcat::core
