// SPDX-License-Identifier: Apache-2.0
// Opening, distributing and closing of a shared link.
#include "core/upstream/shared_link.hpp"

#include "shadowcat/sdk/json_rpc.hpp"
#include "shadowcat/sdk/log.hpp"

#include "core/upstream/ask.hpp"
#include "core/upstream/upstream.hpp"

#include <algorithm>
#include <chrono>

namespace shadowcat::core {

namespace {
constexpr std::chrono::seconds kHandshakeLimit(30);
}

sdk::awaitable<sdk::Result<std::shared_ptr<LinkLease>>> SharedLink::lease() {
    while (opening_) {
        sdk::Wakeup opened;
        waiting_.push_back(&opened);
        co_await opened.wait();
    }
    if (lease_ && lease_->alive()) co_return lease_;
    opening_ = true;
    sdk::Result<std::shared_ptr<LinkLease>> fresh = co_await open();
    opening_ = false;
    std::vector<sdk::Wakeup*> waiting;
    waiting.swap(waiting_);
    for (sdk::Wakeup* each : waiting)
        each->notify();
    co_return fresh;
}

sdk::awaitable<sdk::Result<std::shared_ptr<LinkLease>>> SharedLink::open() {
    lease_.reset();
    sdk::Result<std::shared_ptr<LinkLease>> fresh = co_await upstream_.lease(*this, nullptr);
    if (fresh.has_error()) co_return fresh;
    sdk::Link& link = (*fresh)->link();
    sdk::Result<std::string> result = co_await handshake(worker_, link, kHandshakeLimit);
    if (result.has_error()) {
        co_await link.close();
        co_return result.error().within("upstream '" + upstream_.name() + "'").mark_nothing_sent();
    }
    initialize_result_ = *std::move(result);
    lease_ = *fresh;
    co_return fresh;
}

std::size_t SharedLink::subscribers(std::string_view uri) const {
    return static_cast<std::size_t>(std::ranges::count_if(
        participants_, [&](const Participant* each) { return each->subscribed_to(uri); }));
}

sdk::awaitable<> SharedLink::close() {
    if (!lease_) co_return;
    const std::shared_ptr<LinkLease> closing = std::move(lease_);
    co_await closing->link().close();
}

sdk::awaitable<> SharedLink::on_message(sdk::Message message) {
    if (message.is_request()) {
        co_await answer(message);
    } else if (message.method() != "notifications/message") {
        co_await distribute(message);
    }
}

sdk::awaitable<> SharedLink::answer(const sdk::Message& request) {
    sdk::Message response =
        request.method() == "ping"
            ? sdk::make_result(request.id(), "{}")
            : sdk::make_error(request.id(), sdk::json_rpc::kMethodNotFound,
                              "this server is shared by several clients and may not ask them");
    const std::shared_ptr<LinkLease> lease = lease_;
    if (!lease) co_return;
    const sdk::Result<void> sent = co_await lease->link().send(std::move(response));
    if (sent.has_error()) sdk::log::debug("answer not sent", {{"error", sent.error()}});
}

sdk::awaitable<> SharedLink::distribute(const sdk::Message& message) {
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
