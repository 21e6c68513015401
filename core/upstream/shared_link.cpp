// SPDX-License-Identifier: Apache-2.0
// Opening, renewing, distributing and closing of a shared link.
#include "core/upstream/shared_link.hpp"

#include "shadowcat/sdk/json_rpc.hpp"
#include "shadowcat/sdk/log.hpp"
#include "shadowcat/sdk/spawn.hpp"

#include "core/upstream/ask.hpp"
#include "core/upstream/upstream.hpp"

#include <algorithm>
#include <chrono>
#include <set>

namespace shadowcat::core {

namespace {
constexpr std::chrono::seconds kHandshakeLimit(30);
}

sdk::awaitable<SharedLink::Leased> SharedLink::lease() {
    const sdk::Gate::Pass pass = running_.enter();
    while (opening_) {
        sdk::Wakeup opened;
        waiting_.push_back(&opened);
        co_await opened.wait();
    }
    if (lease_ && lease_->alive()) {
        if (lease_->retiring()) renew_later();
        co_return lease_;
    }
    opening_ = true;
    Leased fresh = co_await open();
    opening_ = false;
    std::vector<sdk::Wakeup*> waiting;
    waiting.swap(waiting_);
    for (sdk::Wakeup* each : waiting)
        each->notify();
    co_return fresh;
}

sdk::awaitable<SharedLink::Leased> SharedLink::open() {
    lease_.reset();
    Leased fresh = co_await upstream_.lease(*this, nullptr);
    if (fresh.has_error()) co_return fresh;
    co_return co_await greet(*std::move(fresh));
}

sdk::awaitable<SharedLink::Leased> SharedLink::greet(std::shared_ptr<LinkLease> fresh) {
    fresh->refuse_requests("this server is shared by several clients and may not ask them");
    sdk::Result<std::string> result = co_await handshake(worker_, fresh->link(), kHandshakeLimit);
    if (result.has_error()) {
        if (fresh->alive()) upstream_.handshake_failed(result.error());
        co_await fresh->link().close();
        co_return result.error().within("upstream '" + upstream_.name() + "'").mark_nothing_sent();
    }
    co_await subscribe_again(fresh);
    initialize_result_ = *std::move(result);
    lease_ = fresh;
    co_return fresh;
}

sdk::awaitable<> SharedLink::subscribe_again(std::shared_ptr<LinkLease> fresh) {
    std::set<std::string> uris;
    for (const Participant* participant : participants_) {
        for (std::string& uri : participant->subscriptions())
            uris.insert(std::move(uri));
    }
    for (const std::string& uri : uris) {
        const std::string params = "{\"uri\":" + sdk::quote_json(uri) + "}";
        sdk::Message request =
            sdk::make_request("\"shadowcat-subscribe\"", "resources/subscribe", params);
        const auto answer =
            co_await ask(worker_, fresh->link(), std::move(request), kHandshakeLimit);
        if (answer.has_error()) co_return;
    }
}

void SharedLink::renew_later() {
    if (renewing_ || closed_) return;
    renewing_ = true;
    spawn_logged(worker_, renew(*this, running_.enter()), "shared.renew");
}

sdk::awaitable<> SharedLink::renew(SharedLink& self, sdk::Gate::Pass pass) {
    const sdk::Gate::Pass inside = std::move(pass);
    const std::shared_ptr<LinkLease> old = self.lease_;
    Leased fresh = co_await self.upstream_.lease_successor(self);
    if (fresh.has_value()) fresh = co_await self.greet(*std::move(fresh));
    self.renewing_ = false;
    if (fresh.has_error()) {
        sdk::log::warn("link not renewed",
                       {{"upstream", self.upstream_.name()}, {"error", fresh.error()}});
    } else if (old) {
        old->unbind();  // its last calls hold it; the last to go closes it
    }
}

std::size_t SharedLink::subscribers(std::string_view uri) const {
    return static_cast<std::size_t>(std::ranges::count_if(
        participants_, [&](const Participant* each) { return each->subscribed_to(uri); }));
}

sdk::awaitable<> SharedLink::close() {
    closed_ = true;
    const std::shared_ptr<LinkLease> closing = std::move(lease_);
    if (closing) co_await closing->link().close();
    co_await running_.empty();
}

sdk::awaitable<> SharedLink::on_message(sdk::Message message) {
    if (message.is_request() || message.method() == "notifications/message") co_return;
    const bool update = message.method() == "notifications/resources/updated";
    const std::vector<Participant*> listed(participants_.begin(), participants_.end());
    for (Participant* participant : listed) {
        const bool still_here = participants_.contains(participant);
        if (!still_here || (update && !participant->subscribed_to(message.name()))) continue;
        sdk::Message copy = message;
        co_await participant->on_shared_message(std::move(copy));
    }
}

void SharedLink::on_closed(const sdk::Error& error) {
    ++upstream_.state().crashes;
    sdk::log::warn("upstream lost", {{"upstream", upstream_.name()}, {"error", error}});
}

}  // namespace shadowcat::core
