// SPDX-License-Identifier: Apache-2.0
// Runs the interceptors in the configured order, and in the opposite one on the way back.
#include "core/exchange/interceptor_chain.hpp"

#include <algorithm>

namespace shadowcat::core {

namespace {

sdk::Interceptor& at(const InterceptorChain::List& chain, sdk::Direction direction,
                     std::size_t step) {
    const bool back = direction == sdk::Direction::server_to_client;
    return *chain[back ? chain.size() - 1 - step : step];
}

}  // namespace

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

sdk::awaitable<sdk::Verdict> InterceptorChain::run(sdk::Message& message,
                                                   const sdk::MessageContext& context) {
    const std::shared_ptr<const List> chain = chain_;
    bool kill = false;
    for (std::size_t step = 0; chain && step < chain->size(); ++step) {
        sdk::Interceptor& interceptor = at(*chain, context.direction, step);
        std::optional<sdk::Verdict> quick = interceptor.at_once(message, context);
        if (!quick) quick = co_await interceptor.on_message(message, context);
        sdk::Verdict verdict = *std::move(quick);
        if (verdict.kind() == sdk::Verdict::Kind::kill_server) {
            kill = true;
        } else if (verdict.response() && context.direction == sdk::Direction::client_to_server) {
            co_return co_await answer(chain, step, std::move(verdict), context);
        } else if (verdict.kind() != sdk::Verdict::Kind::pass) {
            co_return verdict;
        }
    }
    co_return kill ? sdk::Verdict::kill_server() : sdk::Verdict::pass();
}

/// The answer of interceptor `from` on its way to the client.
sdk::awaitable<sdk::Verdict> InterceptorChain::answer(std::shared_ptr<const List> chain,
                                                      std::size_t from, sdk::Verdict verdict,
                                                      sdk::MessageContext context) {
    sdk::Message response = *std::move(verdict.response());
    context.direction = sdk::Direction::server_to_client;
    context.made_by_proxy = true;
    while (from-- > 0) {
        sdk::Interceptor& interceptor = *(*chain)[from];
        std::optional<sdk::Verdict> quick = interceptor.at_once(response, context);
        if (!quick) quick = co_await interceptor.on_message(response, context);
        sdk::Verdict next = *std::move(quick);
        if (next.response()) {
            response = *std::move(next.response());
        } else if (stops(next)) {
            co_return next;
        }
    }
    co_return sdk::Verdict::answer(std::move(response));
}

}  // namespace shadowcat::core
