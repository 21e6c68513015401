// SPDX-License-Identifier: Apache-2.0
// The way to the session, and what it says.
#include "core/bridge/to_sessions/bridged_call.hpp"

#include "shadowcat/sdk/json_rpc.hpp"
#include "shadowcat/sdk/log.hpp"
#include "shadowcat/sdk/spawn.hpp"

#include "core/bridge/to_sessions/stateless_messages.hpp"

#include <utility>

namespace shadowcat::core {

namespace {

/// Questions that arrive within this time reach the client together.
constexpr std::chrono::milliseconds kCollecting(5);

}  // namespace

BridgedCall::BridgedCall(BridgeContext& context, StatelessClient client, sdk::Message request)
    : context_(context),
      client_(std::move(client)),
      request_(std::move(request)),
      dialogue_(request_, DeclaredInput(client_.capabilities)) {}

void BridgedCall::start(std::size_t rounds) {
    dialogue_.start_at_round(rounds);
    spawn_logged(context_.worker, run(context_.shared_from_this(), shared_from_this()),
                 "bridge.call");
}

sdk::awaitable<> BridgedCall::run(std::shared_ptr<BridgeContext> context,
                                  std::shared_ptr<BridgedCall> call) {
    const sdk::Gate::Pass pass = context->inside.enter();
    co_await call->perform();
}

/// A session that its server has lost has processed nothing: there is a fresh one to try.
sdk::awaitable<> BridgedCall::perform() {
    for (int tries = 0; tries < 2; ++tries) {
        if (dialogue_.over()) co_return;
        if (context_.inside.closed()) co_return failed(bridged_error(std::nullopt));
        const auto found = context_.stand_ins.find(client_);
        if (found.has_error()) co_return failed(found.error());
        const std::shared_ptr<StandIn> stand_in = *found;
        lost_ = false;
        co_await perform_on(stand_in);
        context_.stand_ins.release(stand_in);
        if (!lost_) co_return;
        sdk::log::debug("stateless request goes to a fresh session");
    }
    failed(sdk::upstream_error(sdk::ErrorCode::closed, "the server keeps losing its sessions"));
}

sdk::awaitable<> BridgedCall::perform_on(std::shared_ptr<StandIn> stand_in) {
    const StandIn::Use use(*stand_in);
    stand_in_ = stand_in;
    const sdk::Result<void> ready = co_await stand_in->ready();
    if (ready.has_error()) co_return failed(ready.error());
    co_await log_at(log_severity(request_.log_level()));
    if (dialogue_.over()) co_return;
    const std::string id = stand_in->mint();
    dialogue_.begin(stand_in->server(), id);
    std::optional<StandIn::Asking> asking;
    if (dialogue_.takes_questions()) asking.emplace(stand_in, *this);
    sdk::Message request = to_session(request_, id);
    co_await stand_in->session().request(std::move(request), *this);
    log_demand_.reset();
    if (!lost_) failed(bridged_error(std::nullopt));
}

sdk::awaitable<> BridgedCall::log_at(std::optional<std::size_t> severity) {
    if (!severity || dialogue_.over()) co_return;
    const std::shared_ptr<StandIn> stand_in = stand_in_;
    log_demand_.emplace(stand_in, *severity);
    co_await stand_in->tune_log();
}

/// Without effect once the call is over.
void BridgedCall::failed(const sdk::Error& error) {
    dialogue_.fail(error);
    arrival_.notify();
}

sdk::awaitable<sdk::Result<void>> BridgedCall::write(sdk::Message message) {
    const std::shared_ptr<BridgedCall> self = shared_from_this();
    if (is_for_listeners(message.method())) {
        stand_in_->listens().offer(message);
    } else if (message.is_request() && !dialogue_.takes_questions()) {
        const std::shared_ptr<StandIn> stand_in = stand_in_;
        co_await stand_in->redirect(std::move(message));
    } else {
        co_await ask(std::move(message));
        while (attending_ && dialogue_.has_backlog())
            co_await room_.wait();
    }
    co_return sdk::Result<void>();
}

sdk::awaitable<sdk::Result<void>> BridgedCall::fail(sdk::Error error, sdk::Message) {
    const std::shared_ptr<BridgedCall> self = shared_from_this();
    const bool unknown = error.code() == sdk::ErrorCode::unknown_session;
    if (unknown) stand_in_->mark_dead();
    lost_ = unknown && !dialogue_.heard() && !dialogue_.over();
    if (!lost_) failed(error);
    co_return sdk::Result<void>();
}

sdk::awaitable<> BridgedCall::ask(sdk::Message message) {
    const std::shared_ptr<BridgedCall> self = shared_from_this();
    dialogue_.hear(std::move(message));
    collect_later();
    co_await flush();
    arrival_.notify();
}

/// A server that doesn't get its answer would wait for ever.
sdk::awaitable<> BridgedCall::flush() {
    const std::shared_ptr<StandIn> stand_in = stand_in_;
    std::vector<sdk::Message> messages = dialogue_.take_for_server();
    for (sdk::Message& each : messages) {
        const sdk::Result<void> told = co_await stand_in->tell(std::move(each));
        if (told.has_error()) failed(told.error());
    }
}

void BridgedCall::flush_later() {
    if (!dialogue_.has_for_server()) return;
    spawn_logged(context_.worker, flush_now(context_.shared_from_this(), shared_from_this()),
                 "bridge.tell");
}

sdk::awaitable<> BridgedCall::flush_now(std::shared_ptr<BridgeContext> context,
                                        std::shared_ptr<BridgedCall> call) {
    const sdk::Gate::Pass pass = context->inside.enter();
    co_await call->flush();
}

void BridgedCall::collect_later() {
    if (collecting_ || !dialogue_.asks()) return;
    collecting_ = true;
    spawn_logged(context_.worker, collect(context_.shared_from_this(), shared_from_this()),
                 "bridge.collect");
}

sdk::awaitable<> BridgedCall::collect(std::shared_ptr<BridgeContext> context,
                                      std::shared_ptr<BridgedCall> call) {
    const sdk::Gate::Pass pass = context->inside.enter();
    sdk::Timer timer(context->worker.context());
    timer.expires_after(kCollecting);
    co_await timer.async_wait(sdk::as_tuple);
    call->collecting_ = false;
    call->dialogue_.collected();
    call->arrival_.notify();
}

void BridgedCall::expire() {
    dialogue_.give_up();
    flush_later();
}

}  // namespace shadowcat::core
