// SPDX-License-Identifier: Apache-2.0
// The client's exchanges of a call.
#include "shadowcat/sdk/json_rpc.hpp"

#include "core/bridge/to_sessions/bridged_call.hpp"
#include "core/bridge/to_sessions/request_state.hpp"
#include "core/bridge/to_sessions/stateless_messages.hpp"

namespace shadowcat::core {

namespace {

/// What a client would have to carry to and fro.
constexpr std::size_t kMaxStateQuestions = 64 * 1024;

}  // namespace

/// The exchange that the client waits in now. Its end is the call's, unless it has left before.
class BridgedCall::Attending {
public:
    Attending(BridgedCall& call, sdk::ReplyStream& to, sdk::Cancellation& cancellation)
        : replies(to), call_(call), cancellation_(&cancellation) {
        call_.attending_ = this;
        cancellation.on_request([&call] { call.withdraw(); });
    }
    ~Attending() { leave(); }
    Attending(const Attending&) = delete;
    Attending& operator=(const Attending&) = delete;

    void leave() {
        if (!cancellation_) return;
        std::exchange(cancellation_, nullptr)->on_request({});
        if (call_.attending_ == this) call_.attending_ = nullptr;
        call_.room_.notify();
    }

    sdk::ReplyStream& replies;

private:
    BridgedCall& call_;
    sdk::Cancellation* cancellation_;
};

std::uint64_t BridgedCall::stream() const noexcept {
    return attending_ ? attending_->replies.stream() : 0;
}

void BridgedCall::sever() noexcept {
    if (attending_) attending_->replies.sever();
    failed(sdk::Error(sdk::ErrorCode::closed, "the client's connection was severed"));
}

sdk::awaitable<> BridgedCall::attend(Attendance client, sdk::ReplyStream& replies,
                                     sdk::Cancellation& cancellation) {
    const std::shared_ptr<BridgedCall> self = shared_from_this();
    Attending attending(*this, replies, cancellation);
    co_await serve(client, replies);
}

sdk::awaitable<> BridgedCall::resume(Attendance client, std::string input_responses,
                                     DeclaredInput input, sdk::ReplyStream& replies,
                                     sdk::Cancellation& cancellation) {
    const std::shared_ptr<BridgedCall> self = shared_from_this();
    dialogue_.resume(input_responses, input);
    Attending attending(*this, replies, cancellation);
    co_await log_at(client.severity);
    co_await flush();
    collect_later();
    co_await serve(client, replies);
}

sdk::awaitable<> BridgedCall::serve(const Attendance& client, sdk::ReplyStream& replies) {
    bool goes_on = true;
    while (goes_on)
        goes_on = co_await take_step(client, replies);
}

sdk::awaitable<bool> BridgedCall::take_step(const Attendance& client, sdk::ReplyStream& replies) {
    CallDialogue::Step step = dialogue_.next(client);
    switch (step.kind) {
        case CallDialogue::Step::Kind::wait:
            co_await arrival_.wait();
            co_return true;
        case CallDialogue::Step::Kind::say:
            co_await say(std::move(step.message), replies);
            co_return true;
        case CallDialogue::Step::Kind::answer:
            co_await say(std::move(step.message), replies);
            co_return false;
        case CallDialogue::Step::Kind::fail:
            co_await fail_client(*std::move(step.error), client, replies);
            co_return false;
        case CallDialogue::Step::Kind::ask:
        case CallDialogue::Step::Kind::ask_urls:
            co_await ask_client(std::move(step), client, replies);
            co_return false;
        case CallDialogue::Step::Kind::leave:
            break;
    }
    co_return false;
}

/// In this era a client that can't be written to has cancelled.
sdk::awaitable<> BridgedCall::say(sdk::Message message, sdk::ReplyStream& replies) {
    const sdk::Result<void> written = co_await replies.write(std::move(message));
    if (written.has_error()) withdraw();
    room_.notify();
}

sdk::awaitable<> BridgedCall::fail_client(sdk::Error error, const Attendance& client,
                                          sdk::ReplyStream& replies) {
    sdk::Error told = bridged_error(error);
    sdk::Message response = sdk::make_error(client.id, told);
    co_await replies.fail(std::move(told), std::move(response));
}

/// Ends the exchange, not the call: from here on the client may be gone, and come back.
sdk::awaitable<> BridgedCall::ask_client(CallDialogue::Step step, const Attendance& client,
                                         sdk::ReplyStream& replies) {
    if (std::optional<sdk::Error> why = cannot_ask(step)) {
        dialogue_.give_up();
        co_await flush();
        co_await fail_client(*std::move(why), client, replies);
        co_return;
    }
    const bool parks = step.kind == CallDialogue::Step::Kind::ask;
    dialogue_.count_round();
    RequestState state(parks ? RequestState::Kind::parked : RequestState::Kind::url_retry,
                       context_.worker.now() + context_.settings.input_timeout, dialogue_.rounds());
    if (!parks) state.questions = step.questions;
    const std::string sealed = state.sealed(context_.seal, context_of_state());
    sdk::Message question = input_required(client.id, step.questions, sealed, dialogue_.server());
    if (parks) context_.parked.put(state.ticket, shared_from_this(), state.expiry);
    attending_->leave();
    co_await replies.write(std::move(question));
}

std::optional<sdk::Error> BridgedCall::cannot_ask(const CallDialogue::Step& step) const {
    const bool parks = step.kind == CallDialogue::Step::Kind::ask;
    if (dialogue_.rounds() >= context_.settings.max_input_rounds) {
        return sdk::upstream_error(sdk::ErrorCode::protocol,
                                   "the server asks for input again and again");
    }
    if (parks && (context_.parked.full() || context_.inside.closed())) {
        return sdk::Error(sdk::ErrorCode::unavailable, "too many calls wait for input");
    }
    if (!parks && step.questions.size() > kMaxStateQuestions) {
        return sdk::upstream_error(sdk::ErrorCode::protocol, "the server asks for too much");
    }
    return std::nullopt;
}

const std::string& BridgedCall::context_of_state() {
    if (state_context_.empty()) {
        state_context_ = state_context(client_.principal, request_.method(), request_.params());
        request_ = sdk::Message();
    }
    return state_context_;
}

void BridgedCall::withdraw() {
    const std::shared_ptr<BridgedCall> self = shared_from_this();
    dialogue_.withdraw();
    flush_later();
    room_.notify();
    arrival_.notify();
}

}  // namespace shadowcat::core
