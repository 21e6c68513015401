// SPDX-License-Identifier: Apache-2.0
// Acknowledging, passing on, ending in good order.
#include "core/bridge/to_sessions/bridged_listen.hpp"

#include "shadowcat/sdk/json_rpc.hpp"
#include "shadowcat/sdk/spawn.hpp"

#include "core/bridge/to_sessions/stateless_messages.hpp"

namespace shadowcat::core {

namespace {

class Counted {
public:
    explicit Counted(std::size_t& count) : count_(count) { ++count_; }
    ~Counted() { --count_; }
    Counted(const Counted&) = delete;
    Counted& operator=(const Counted&) = delete;

private:
    std::size_t& count_;
};

/// Withdraws the listen when the client does.
class Withdrawal {
public:
    Withdrawal(sdk::Cancellation& cancellation, std::shared_ptr<Listen> listen)
        : cancellation_(cancellation) {
        cancellation_.on_request([listen = std::move(listen)] {
            const std::shared_ptr<Listen> alive = listen;
            alive->withdraw();
        });
    }
    ~Withdrawal() { cancellation_.on_request({}); }
    Withdrawal(const Withdrawal&) = delete;
    Withdrawal& operator=(const Withdrawal&) = delete;

private:
    sdk::Cancellation& cancellation_;
};

sdk::awaitable<> refuse(sdk::Error error, std::string_view id, sdk::ReplyStream& replies) {
    sdk::Error told = bridged_error(error);
    sdk::Message response = sdk::make_error(id, told);
    co_await replies.fail(std::move(told), std::move(response));
}

sdk::awaitable<> pass_on(Listen& listen, sdk::ReplyStream& replies) {
    while (!listen.withdrawn) {
        if (listen.queue.empty()) {
            if (listen.ended) co_return;
            co_await listen.arrival.wait();
            continue;
        }
        sdk::Message next = std::move(listen.queue.front());
        listen.queue.pop_front();
        const sdk::Result<void> written = co_await replies.write(std::move(next));
        if (written.has_error()) listen.withdraw();
    }
}

sdk::awaitable<> listen_to(StandIn& stand_in, std::shared_ptr<Listen> listen,
                           sdk::ReplyStream& replies) {
    co_await stand_in.listens().join(listen);
    if (listen->withdrawn) co_return;
    sdk::Message acknowledged = acknowledgement(listen->id, listen->filter);
    const sdk::Result<void> written = co_await replies.write(std::move(acknowledged));
    if (written.has_error()) co_return listen->withdraw();
    co_await pass_on(*listen, replies);
    if (listen->withdrawn) co_return;
    sdk::Message end = listen_ended(listen->id, stand_in.server());
    co_await replies.write(std::move(end));
}

/// Nobody waits for that.
sdk::awaitable<> leave(std::shared_ptr<BridgeContext> context, std::shared_ptr<StandIn> stand_in,
                       std::shared_ptr<Listen> listen) {
    const sdk::Gate::Pass pass = context->inside.enter();
    {
        const StandIn::Use use(*stand_in);
        if (!stand_in->shared()) stand_in->mark_dead();
        co_await stand_in->listens().leave(listen);
    }
    context->stand_ins.release(stand_in);
}

}  // namespace

sdk::awaitable<> serve_listen(BridgeContext& context, const StatelessClient& client,
                              const sdk::Message& request, sdk::ReplyStream& replies,
                              sdk::Cancellation& cancellation) {
    const std::optional<ListenFilter> filter = ListenFilter::read(request.params());
    if (!filter) {
        sdk::Message refusal =
            sdk::make_error(request.id(), sdk::json_rpc::kInvalidParams,
                            "'notifications' is missing, or not a subscription filter");
        co_await replies.write(std::move(refusal));
        co_return;
    }
    const Counted counted(context.listens);
    if (context.listens > context.settings.max_listens) {
        const sdk::Error many(sdk::ErrorCode::unavailable, "too many listens are open");
        co_return co_await refuse(many, request.id(), replies);
    }
    const auto found = context.stand_ins.find(client);
    if (found.has_error()) co_return co_await refuse(found.error(), request.id(), replies);
    const std::shared_ptr<StandIn> stand_in = *found;
    const StandIn::Use use(*stand_in);
    const sdk::Result<void> ready = co_await stand_in->ready();
    if (ready.has_error()) {
        context.stand_ins.release(stand_in);
        co_return co_await refuse(ready.error(), request.id(), replies);
    }
    const auto listen = std::make_shared<Listen>(request.id(), *filter);
    const Withdrawal withdrawal(cancellation, listen);
    co_await listen_to(*stand_in, listen, replies);
    spawn_logged(context.worker, leave(context.shared_from_this(), stand_in, listen),
                 "bridge.leave");
}

}  // namespace shadowcat::core
