// SPDX-License-Identifier: Apache-2.0
// Runs the interceptors in the configured order, in both directions.
#include "core/exchange/interceptor_chain.hpp"

namespace shadowcat::core {

sdk::awaitable<sdk::Verdict> InterceptorChain::run(sdk::Message& message,
                                                   const sdk::MessageContext& context) {
    const std::shared_ptr<const List> chain = chain_;
    if (!chain) co_return sdk::Verdict::pass();
    for (const auto& interceptor : *chain) {
        sdk::Verdict verdict = co_await interceptor->on_message(message, context);
        if (verdict.kind() != sdk::Verdict::Kind::pass) co_return verdict;
    }
    co_return sdk::Verdict::pass();
}

}  // namespace shadowcat::core
