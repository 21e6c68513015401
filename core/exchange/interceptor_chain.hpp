// SPDX-License-Identifier: Apache-2.0
// InterceptorChain: the configured interceptors of one worker, in order.
#pragma once

#include "shadowcat/sdk/interceptor.hpp"

#include <memory>
#include <vector>

namespace shadowcat::core {

namespace sdk = shadowcat::sdk;

/// Runs every interceptor over a message until one stops it.
class InterceptorChain {
public:
    void add(std::unique_ptr<sdk::Interceptor> interceptor) {
        chain_.push_back(std::move(interceptor));
    }

    /// Check first: the usual chain is empty and costs nothing.
    bool empty() const noexcept { return chain_.empty(); }

    sdk::awaitable<sdk::Verdict> run(sdk::Message& message, const sdk::MessageContext& context);

private:
    std::vector<std::unique_ptr<sdk::Interceptor>> chain_;
};

}  // namespace shadowcat::core
