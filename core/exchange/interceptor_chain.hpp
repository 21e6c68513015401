// SPDX-License-Identifier: Apache-2.0
// InterceptorChain: the configured interceptors of one worker, in order.
#pragma once

#include "shadowcat/sdk/interceptor.hpp"

#include <memory>
#include <vector>

namespace shadowcat::core {

namespace sdk = shadowcat::sdk;

/// What becomes of a message that an interceptor dropped and somebody waits for.
inline sdk::Error dropped_by_interceptor() {
    return sdk::Error(sdk::ErrorCode::blocked, "an interceptor dropped the message");
}

/// Runs every interceptor over a message until one stops it.
class InterceptorChain {
public:
    using List = std::vector<std::unique_ptr<sdk::Interceptor>>;

    /// Other interceptors from now on; messages that are on their way finish with the old ones.
    void replace(List interceptors) {
        chain_ = std::make_shared<const List>(std::move(interceptors));
    }

    /// Check first: the usual chain is empty and costs nothing.
    bool empty() const noexcept { return !chain_ || chain_->empty(); }

    sdk::awaitable<sdk::Verdict> run(sdk::Message& message, const sdk::MessageContext& context);

private:
    std::shared_ptr<const List> chain_;  // shared with the messages that are on their way
};

}  // namespace shadowcat::core
