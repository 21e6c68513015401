// SPDX-License-Identifier: Apache-2.0
// One reader, many listeners.
#include "core/bridge/to_sessions/stand_in_listens.hpp"

#include "shadowcat/sdk/log.hpp"
#include "shadowcat/sdk/spawn.hpp"

#include "core/bridge/to_sessions/stand_in.hpp"

#include <algorithm>
#include <utility>

namespace shadowcat::core {

void Listen::offer(const sdk::Message& notification) {
    if (ended || withdrawn || !filter.wants(notification) || queue.size() >= kMaxQueued) return;
    sdk::Message mine = tagged(notification, id);
    const bool waits = std::ranges::any_of(
        queue, [&](const sdk::Message& each) { return each.bytes() == mine.bytes(); });
    if (waits) return;
    queue.push_back(std::move(mine));
    arrival.notify();
}

void Listen::end() {
    ended = true;
    arrival.notify();
}

void Listen::withdraw() {
    withdrawn = true;
    arrival.notify();
}

sdk::awaitable<> StandInListens::join(std::shared_ptr<Listen> listen) {
    listen->filter = listen->filter.offered_by(stand_in_.server());
    listens_.push_back(listen);
    read();
    if (listen->filter.subscriptions.empty()) co_return;
    co_await changing_.enter();
    co_await subscribe(listen);
    changing_.leave();
}

sdk::awaitable<> StandInListens::subscribe(std::shared_ptr<Listen> listen) {
    std::vector<ListenFilter::Resource> taken;
    const std::vector<ListenFilter::Resource> asked = listen->filter.subscriptions;
    for (const ListenFilter::Resource& each : asked) {
        if (listen->withdrawn || stand_in_.dead()) break;
        const bool subscribed = co_await subscribe_to(each);
        if (subscribed) taken.push_back(each);
    }
    listen->filter.subscriptions = std::move(taken);
}

sdk::awaitable<bool> StandInListens::subscribe_to(const ListenFilter::Resource& resource) {
    const auto found = subscribers_.find(resource.uri);
    if (found != subscribers_.end()) {
        ++found->second;
        co_return true;
    }
    if (subscribers_.size() >= max_subscriptions_) co_return false;
    const std::string params = "{\"uri\":" + resource.token + "}";
    const sdk::Result<sdk::Message> response =
        co_await stand_in_.ask_server("resources/subscribe", params);
    const bool taken = response.has_value() && response->kind() == sdk::MessageKind::result;
    if (taken) subscribers_.emplace(resource.uri, 1);
    co_return taken;
}

sdk::awaitable<> StandInListens::leave(std::shared_ptr<Listen> listen) {
    std::erase(listens_, listen);
    if (listens_.empty() && reading_ && !kept_open_) {
        stopped_ = true;
        stand_in_.session().stop_listening(*this);
    }
    if (listen->filter.subscriptions.empty()) co_return;
    co_await changing_.enter();
    for (const ListenFilter::Resource& each : listen->filter.subscriptions)
        co_await unsubscribe_from(each);
    changing_.leave();
}

sdk::awaitable<> StandInListens::unsubscribe_from(const ListenFilter::Resource& resource) {
    const auto found = subscribers_.find(resource.uri);
    if (found == subscribers_.end() || --found->second != 0) co_return;
    subscribers_.erase(found);
    if (stand_in_.dead()) co_return;
    const std::string params = "{\"uri\":" + resource.token + "}";
    const auto response = co_await stand_in_.ask_server("resources/unsubscribe", params);
    if (response.has_error()) sdk::log::debug("not unsubscribed", {{"error", response.error()}});
}

void StandInListens::offer(const sdk::Message& notification) {
    const std::vector<std::shared_ptr<Listen>> all = listens_;
    for (const std::shared_ptr<Listen>& each : all)
        each->offer(notification);
}

void StandInListens::end() {
    const std::vector<std::shared_ptr<Listen>> all = listens_;
    for (const std::shared_ptr<Listen>& each : all)
        each->end();
}

void StandInListens::keep_open() {
    kept_open_ = true;
    read();
}

void StandInListens::read() {
    if (reading_) return;
    reading_ = true;
    spawn_logged(stand_in_.worker(), read_session(stand_in_.shared_from_this()), "bridge.listen");
}

/// The last listen that leaves stops the session's stream; another may have joined meanwhile.
sdk::awaitable<> StandInListens::read_session(std::shared_ptr<StandIn> stand_in) {
    StandInListens& self = stand_in->listens();
    bool lost = false;
    const auto wanted = [&] { return self.kept_open_ || !self.listens_.empty(); };
    while (!lost && wanted() && !stand_in->dead()) {
        const sdk::Result<void> ended = co_await stand_in->session().listen(self, "");
        lost = ended.has_error() || !std::exchange(self.stopped_, false);
    }
    self.reading_ = false;
    if (!lost) co_return;
    stand_in->mark_dead();
    self.end();
}

sdk::awaitable<sdk::Result<void>> StandInListens::write(sdk::Message message) {
    if (message.is_request()) {
        co_await stand_in_.redirect(std::move(message));
    } else if (message.is_notification()) {
        offer(message);
    }
    co_return sdk::Result<void>();
}

sdk::awaitable<sdk::Result<void>> StandInListens::fail(sdk::Error, sdk::Message) {
    co_return sdk::Result<void>();
}

}  // namespace shadowcat::core
