// SPDX-License-Identifier: Apache-2.0
// The interceptor `watch`: shows messages as they pass, to whoever looks.
#pragma once

#include "shadowcat/sdk/interceptor.hpp"

#include "hub.hpp"

#include <memory>
#include <utility>

namespace shadowcat::watch {

/// One on each worker. Changes nothing and waits for nothing; while nobody looks it does nothing.
class Watch final : public sdk::Interceptor {
public:
    Watch(std::shared_ptr<Hub> hub, const sdk::Worker& worker)
        : hub_(std::move(hub)), worker_(worker.index()) {}

    std::optional<sdk::Verdict> at_once(sdk::Message& message,
                                        const sdk::MessageContext& context) override;
    sdk::awaitable<sdk::Verdict> on_message(sdk::Message& message,
                                            const sdk::MessageContext& context) override;
    bool wants_transport_events() const noexcept override { return hub_->watched(); }
    void on_transport_event(const sdk::TransportEvent& event) noexcept override;
    void stop() noexcept override { hub_->end_viewers(); }

private:
    std::shared_ptr<Hub> hub_;
    std::size_t worker_;
};

/// The instance of `context`'s worker, with the hub that it shares with the others.
std::unique_ptr<sdk::Interceptor> make_watch(const sdk::Json& config,
                                             const sdk::InterceptorContext& context);

}  // namespace shadowcat::watch
