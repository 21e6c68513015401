// SPDX-License-Identifier: Apache-2.0
// Listens as calls that last.
#include "core/bridge/to_stateless/listen_keeper.hpp"

#include "shadowcat/sdk/json_edit.hpp"
#include "shadowcat/sdk/json_rpc.hpp"
#include "shadowcat/sdk/log.hpp"
#include "shadowcat/sdk/spawn.hpp"

#include "core/bridge/to_stateless/session_request.hpp"
#include "core/bridge/to_stateless/session_result.hpp"
#include "core/upstream/call_alarm.hpp"

#include <algorithm>
#include <random>

namespace shadowcat::core {

namespace json = sdk::json;

namespace {

/// Several gateways don't come back at the same moment.
sdk::Duration with_jitter(std::chrono::milliseconds pause) {
    thread_local std::minstd_rand random{std::random_device{}()};
    return pause * std::uniform_int_distribution<int>(50, 100)(random) / 100;
}

/// Which errors of a listen a later one would meet as well.
bool lasts(const sdk::Message& error) {
    const int code = sdk::error_code_of(error).value_or(0);
    return code == sdk::json_rpc::kMethodNotFound || code == sdk::json_rpc::kInvalidParams;
}

sdk::Error ended_by_us() { return sdk::Error(sdk::ErrorCode::cancelled, "no longer listened to"); }

sdk::Error closed_error() {
    return sdk::upstream_error(sdk::ErrorCode::closed, "the link was closed");
}

}  // namespace

/// One listen in flight, and where its messages go. Lives in the frame of `run`.
class ListenKeeper::Running final : public sdk::ReplyStream {
public:
    Running(ListenKeeper& keeper, std::uint64_t which) : number(which), keeper_(keeper) {
        keeper_.running_.push_back(this);
    }
    ~Running() override { std::erase(keeper_.running_, this); }

    sdk::awaitable<sdk::Result<void>> write(sdk::Message message) override {
        if (message.is_response()) {
            const bool refused = message.kind() == sdk::MessageKind::error && lasts(message);
            const bool failed = message.kind() == sdk::MessageKind::error && !refused;
            end = refused ? ListenEnd::refused : failed ? ListenEnd::failed : ListenEnd::finished;
        } else if (message.method() == "notifications/subscriptions/acknowledged") {
            acknowledged = true;
            const ChangeFilter honoured =
                ChangeFilter::read(json::member(message.params(), "notifications"));
            ListenPlan::Actions actions =
                keeper_.plan_.acknowledged(number, honoured, sdk::Clock::now());
            co_await keeper_.perform(std::move(actions));
        } else if (message.method() == "notifications/cancelled") {
            cancellation.request(ended_by_us());
        } else if (keeper_.plan_.delivers(number, message.method(), message.name())) {
            sdk::Message plain = without_subscription(std::move(message), keeper_.terms_.max_depth);
            co_await keeper_.tell(std::move(plain));
        }
        co_return sdk::Result<void>();
    }
    sdk::awaitable<sdk::Result<void>> fail(sdk::Error, sdk::Message response) override {
        return write(std::move(response));
    }

    const std::uint64_t number;
    sdk::Cancellation cancellation;
    bool acknowledged = false;
    ListenEnd end = ListenEnd::failed;

private:
    ListenKeeper& keeper_;
};

/// A subscription that is being made.
class ListenKeeper::Waiter {
public:
    explicit Waiter(std::string of) : uri(std::move(of)) {}
    std::string uri;
    std::optional<std::string> failure;  // empty text: done
    sdk::Wakeup settled;
};

ListenKeeper::ListenKeeper(sdk::Worker& worker, std::shared_ptr<sdk::Link> server,
                           sdk::LinkEvents& events, ListenTerms terms)
    : worker_(worker),
      server_(std::move(server)),
      events_(&events),
      terms_(std::move(terms)),
      plan_(terms_.max_uris),
      pause_(worker.context()) {}

sdk::awaitable<> ListenKeeper::want_lists(bool tools, bool prompts, bool resources) {
    ListenPlan::Actions actions = plan_.want_lists(tools, prompts, resources);
    co_await perform(std::move(actions));
}

sdk::awaitable<sdk::Result<void>> ListenKeeper::subscribe(std::string uri,
                                                          sdk::Cancellation& cancellation) {
    if (!events_) co_return closed_error();
    Waiter waiter(uri);
    waiting_.push_back(&waiter);
    ListenPlan::Actions actions = plan_.subscribe(uri);
    co_await perform(std::move(actions));
    cancellation.on_request([&waiter] { waiter.settled.notify(); });
    while (!waiter.failure && !cancellation.requested())
        co_await waiter.settled.wait();
    cancellation.on_request({});
    std::erase(waiting_, &waiter);
    if (!waiter.failure) {
        const bool alone = std::ranges::find(waiting_, uri, &Waiter::uri) == waiting_.end();
        if (alone) co_await unsubscribe(std::move(uri));
        co_return cancellation.reason();
    }
    if (!events_) co_return closed_error();
    if (waiter.failure->empty()) co_return sdk::Result<void>();
    const bool unknown = *waiter.failure == ListenPlan::kNotHonoured;
    co_return sdk::upstream_error(
        unknown ? sdk::ErrorCode::unsupported : sdk::ErrorCode::unavailable, *waiter.failure);
}

sdk::awaitable<> ListenKeeper::unsubscribe(std::string uri) {
    ListenPlan::Actions actions = plan_.unsubscribe(uri);
    co_await perform(std::move(actions));
}

void ListenKeeper::close() {
    if (!events_) return;
    events_ = nullptr;
    pause_.cancel();
    while (!running_.empty()) {
        const std::uint64_t number = running_.back()->number;
        running_.back()->cancellation.request(ended_by_us());
        std::erase_if(running_, [number](const Running* each) { return each->number == number; });
    }
    while (!waiting_.empty())
        settle(std::string(waiting_.back()->uri), closed_error().message());
}

sdk::awaitable<> ListenKeeper::perform(ListenPlan::Actions actions) {
    for (const ListenAction& action : actions) {
        if (!events_) co_return;
        switch (action.kind) {
            case ListenAction::Kind::open:
                spawn_logged(worker_, run(shared_from_this(), action.number, action.text),
                             "bridge.listen");
                break;
            case ListenAction::Kind::end:
                end(action.number);
                break;
            case ListenAction::Kind::settle:
                settle(action.text, action.failure);
                break;
            case ListenAction::Kind::wait:
                spawn_logged(worker_, resume_after(shared_from_this(), with_jitter(action.delay)),
                             "bridge.listen");
                break;
            case ListenAction::Kind::tell: {
                const std::string params =
                    action.uri.empty() ? "" : "{\"uri\":" + sdk::quote_json(action.uri) + "}";
                sdk::Message notification = sdk::make_notification(action.text, params);
                co_await tell(std::move(notification));
            }
        }
    }
}

sdk::awaitable<> ListenKeeper::tell(sdk::Message notification) {
    if (events_) co_await events_->on_message(std::move(notification));
}

void ListenKeeper::end(std::uint64_t number) {
    const auto named = std::ranges::find(running_, number, &Running::number);
    if (named != running_.end()) (*named)->cancellation.request(ended_by_us());
}

/// Before `notify` returns others may have gone, or come.
void ListenKeeper::settle(const std::string& uri, const std::string& failure) {
    for (Waiter* each : waiting_) {
        if (each->uri == uri) each->failure = failure;
    }
    const auto due = [this] {
        return std::ranges::find_if(waiting_,
                                    [](const Waiter* each) { return each->failure.has_value(); });
    };
    for (auto each = due(); each != waiting_.end(); each = due()) {
        Waiter* const next = *each;
        waiting_.erase(each);
        next->settled.notify();
    }
}

sdk::awaitable<> ListenKeeper::resume_after(std::shared_ptr<ListenKeeper> self,
                                            sdk::Duration pause) {
    self->pause_.expires_after(pause);
    const auto [stopped] = co_await self->pause_.async_wait(sdk::as_tuple);
    if (stopped || !self->events_) co_return;
    ListenPlan::Actions actions = self->plan_.resume();
    co_await self->perform(std::move(actions));
}

sdk::awaitable<> ListenKeeper::run(std::shared_ptr<ListenKeeper> self, std::uint64_t number,
                                   std::string filter) {
    const std::string id =
        "\"shadowcat-" + self->terms_.label + "-listen-" + std::to_string(number) + "\"";
    const std::string params =
        stateless_params(self->client_, "\"notifications\":" + std::move(filter));
    sdk::Message request = sdk::make_request(id, "subscriptions/listen", params);
    ListenEnd how = ListenEnd::failed;
    {
        Running listen(*self, number);
        CallAlarm late(self->worker_, self->terms_.acknowledge_within, [&listen] {
            if (!listen.acknowledged) listen.cancellation.request(ended_by_us());
        });
        const sdk::Result<void> done =
            co_await self->server_->call(std::move(request), listen, listen.cancellation);
        how = listen.end;
        if (done.has_error()) sdk::log::debug("listen ended", {{"error", done.error()}});
    }
    if (!self->events_ || !self->server_->alive()) co_return;
    ListenPlan::Actions actions = self->plan_.ended(number, how, sdk::Clock::now());
    co_await self->perform(std::move(actions));
}

}  // namespace shadowcat::core
