// SPDX-License-Identifier: Apache-2.0
// Keeping, passing on and answering a server's own messages.
#include "core/upstream/link_relay.hpp"

#include "shadowcat/sdk/json_rpc.hpp"
#include "shadowcat/sdk/log.hpp"
#include "shadowcat/sdk/spawn.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace shadowcat::core {

void LinkRelay::bind(sdk::LinkEvents& events) {
    target_ = &events;
    dropping_ = false;
    if (!kept_.empty() || ended_) deliver_later();
}

void LinkRelay::attach(sdk::Link* link) {
    link_ = link;
    if (link_ && ended_) deliver_later();
}

void LinkRelay::deliver_later() {
    if (std::exchange(delivering_, true)) return;
    spawn_logged(worker_, deliver_kept(shared_from_this()), "relay.deliver");
}

void LinkRelay::unbind() noexcept {
    target_ = nullptr;
    dropping_ = true;
    kept_.clear();
    ended_.reset();
}

sdk::awaitable<> LinkRelay::deliver_kept(std::shared_ptr<LinkRelay> self) {
    // Whoever bound gets the link first.
    co_await sdk::asio::post(self->worker_.context(), sdk::use_awaitable);
    while (self->target_ && !self->kept_.empty()) {
        sdk::Message next = std::move(self->kept_.front());
        self->kept_.pop_front();
        co_await self->target_->on_message(std::move(next));
    }
    self->delivering_ = false;
    if (self->ended_ && self->link_) self->tell_end();
}

sdk::awaitable<> LinkRelay::on_message(sdk::Message message) {
    const std::shared_ptr<LinkRelay> alive = shared_from_this();
    if (message.is_request() && !refusal_.empty()) {
        co_await answer(std::move(message));
    } else if (target_ && !delivering_) {
        co_await target_->on_message(std::move(message));
    } else {
        keep(std::move(message));
    }
}

void LinkRelay::keep(sdk::Message message) {
    if (!dropping_ && kept_.size() < kMaxKept) {
        kept_.push_back(std::move(message));
    } else {
        sdk::log::debug("message of an unused link dropped", {{"method", message.method()}});
    }
}

sdk::awaitable<> LinkRelay::answer(sdk::Message request) {
    sdk::Message response =
        request.method() == "ping"
            ? sdk::make_result(request.id(), "{}")
            : sdk::make_error(request.id(), sdk::json_rpc::kMethodNotFound, refusal_);
    if (!link_) co_return;
    const sdk::Result<void> sent = co_await link_->send(std::move(response));
    if (sent.has_error()) sdk::log::debug("answer not sent", {{"error", sent.error()}});
}

/// A connection may end while it is being opened. Nobody has the link yet then, so nobody could do
/// anything about its end.
void LinkRelay::on_closed(const sdk::Error& error) {
    const std::shared_ptr<LinkRelay> alive = shared_from_this();
    ended_ = error;
    if (link_ && !delivering_) tell_end();
}

/// The end comes behind what was kept.
void LinkRelay::tell_end() {
    const sdk::Error error = *ended_;
    if (const auto lost = std::exchange(on_lost, nullptr)) lost(error);
    if (!target_) return;
    ended_.reset();
    target_->on_closed(error);
}

}  // namespace shadowcat::core
