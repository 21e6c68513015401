// SPDX-License-Identifier: Apache-2.0
// InterceptorChain: the configured interceptors of one worker, in order.
#pragma once

#include "shadowcat/sdk/interceptor.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>
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

    class Passage;

    /// Sets out with a message, of which `context` tells.
    Passage passage(const sdk::MessageContext& context) const;

private:
    std::shared_ptr<const List> chain_;  // shared with the messages that are on their way
};

/// One message on its way through the interceptors, as they were when it set out. An answer that
/// one of them gives in the server's place is then seen by those nearer to the client.
/// `kill_server` doesn't stop a message: it comes back when nobody else stopped it.
class InterceptorChain::Passage {
public:
    Passage(std::shared_ptr<const List> chain, const sdk::MessageContext& context)
        : chain_(std::move(chain)),
          context_(context),
          upstream_(context.upstream),
          revision_(context.revision) {}

    /// Goes as far as no interceptor has to wait: nothing if one has to, and then `wait` goes on
    /// from there.
    std::optional<sdk::Verdict> at_once(sdk::Message& message);
    sdk::awaitable<sdk::Verdict> wait(sdk::Message& message);

private:
    bool over() const noexcept;
    sdk::Interceptor& next() const;
    sdk::Message& seen(sdk::Message& message) { return answer_ ? *answer_ : message; }
    void take(sdk::Verdict verdict);

    std::shared_ptr<const List> chain_;
    sdk::MessageContext context_;
    // Copies: meanwhile a reload may take the upstream, an interceptor change the message.
    const std::string upstream_, revision_;
    std::size_t steps_ = 0;                // taken, or after an answer those left
    std::optional<sdk::Message> answer_;   // in the server's place, on its way back
    std::optional<sdk::Verdict> stopped_;  // by an interceptor
    bool kill_ = false;
};

}  // namespace shadowcat::core
