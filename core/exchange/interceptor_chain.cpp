// SPDX-License-Identifier: Apache-2.0
// Runs the interceptors in the configured order, and in the opposite one on the way back.
#include "core/exchange/interceptor_chain.hpp"

#include <algorithm>

namespace shadowcat::core {

void InterceptorChain::replace(List interceptors) {
    stop();
    chain_ = std::make_shared<const List>(std::move(interceptors));
}

bool InterceptorChain::wants_transport_events() const noexcept {
    return chain_ && std::ranges::any_of(
                         *chain_, [](const auto& each) { return each->wants_transport_events(); });
}

void InterceptorChain::stop() noexcept {
    if (!chain_) return;
    for (const auto& each : *chain_)
        each->stop();
}

void InterceptorChain::on_transport_event(const sdk::TransportEvent& event) noexcept {
    if (!chain_) return;
    for (const auto& each : *chain_)
        if (each->wants_transport_events()) each->on_transport_event(event);
}

InterceptorChain::Passage InterceptorChain::passage(const sdk::MessageContext& context) const {
    return Passage(chain_, context);
}

bool InterceptorChain::Passage::over() const noexcept {
    if (stopped_ || !chain_) return true;
    return answer_ ? steps_ == 0 : steps_ == chain_->size();
}

sdk::Interceptor& InterceptorChain::Passage::next() const {
    if (answer_) return *(*chain_)[steps_ - 1];
    const bool back = context_.direction == sdk::Direction::server_to_client;
    return *(*chain_)[back ? chain_->size() - 1 - steps_ : steps_];
}

std::optional<sdk::Verdict> InterceptorChain::Passage::at_once(sdk::Message& message) {
    context_.upstream = upstream_;
    context_.revision = revision_;
    while (!over()) {
        std::optional<sdk::Verdict> verdict = next().at_once(seen(message), context_);
        if (!verdict) return std::nullopt;
        take(*std::move(verdict));
    }
    if (stopped_) return std::move(stopped_);
    if (answer_) return sdk::Verdict::answer(*std::move(answer_));
    return kill_ ? sdk::Verdict::kill_server() : sdk::Verdict::pass();
}

sdk::awaitable<sdk::Verdict> InterceptorChain::Passage::wait(sdk::Message& message) {
    std::optional<sdk::Verdict> end;
    context_.upstream = upstream_;  // it may have moved here
    context_.revision = revision_;
    while (!end) {
        sdk::Verdict verdict = co_await next().on_message(seen(message), context_);
        take(std::move(verdict));
        end = at_once(message);
    }
    co_return *std::move(end);
}

/// What the interceptor whose turn it was decided.
void InterceptorChain::Passage::take(sdk::Verdict verdict) {
    const bool kills = verdict.kind() == sdk::Verdict::Kind::kill_server;
    if (answer_) {
        --steps_;
        if (verdict.response()) {
            answer_ = std::move(verdict.response());
        } else if (stops(verdict)) {
            stopped_ = std::move(verdict);
        }
    } else if (kills || verdict.kind() == sdk::Verdict::Kind::pass) {
        ++steps_;
        kill_ |= kills;
    } else if (verdict.response() && context_.direction == sdk::Direction::client_to_server) {
        answer_ = std::move(verdict.response());
        context_.direction = sdk::Direction::server_to_client;
        context_.made_by_proxy = true;
    } else {
        stopped_ = std::move(verdict);
    }
}

}  // namespace shadowcat::core
