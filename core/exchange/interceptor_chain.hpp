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

/// True when a message that nobody waits for goes no further.
inline bool stops(const sdk::Verdict& verdict) {
    return verdict.kind() != sdk::Verdict::Kind::pass &&
           verdict.kind() != sdk::Verdict::Kind::kill_server;
}

/// Runs every interceptor over a message until one stops it: the first is nearest to the client.
class InterceptorChain final : public sdk::TransportObserver {
public:
    using List = std::vector<std::unique_ptr<sdk::Interceptor>>;

    /// Other interceptors from now on; messages that are on their way finish with the old ones,
    /// which don't make them wait any longer.
    void replace(List interceptors);

    /// No message waits in an interceptor any longer.
    void stop() noexcept;

    /// Some interceptor wants transport events now.
    bool wants_transport_events() const noexcept;
    void on_transport_event(const sdk::TransportEvent& event) noexcept override;

    /// Check first: the usual chain is empty and costs nothing.
    bool empty() const noexcept { return !chain_ || chain_->empty(); }

    /// `kill_server` doesn't stop the message: it comes back when nobody else stopped it. What
    /// answers a request has been seen by those nearer to the client.
    sdk::awaitable<sdk::Verdict> run(sdk::Message& message, const sdk::MessageContext& context);

private:
    static sdk::awaitable<sdk::Verdict> answer(std::shared_ptr<const List> chain, std::size_t from,
                                               sdk::Verdict verdict, sdk::MessageContext context);

    std::shared_ptr<const List> chain_;  // shared with the messages that are on their way
};

}  // namespace shadowcat::core
