// SPDX-License-Identifier: Apache-2.0
// Looks whether anybody looks.
#include "watch.hpp"

namespace shadowcat::watch {

std::optional<sdk::Verdict> Watch::at_once(sdk::Message& message,
                                           const sdk::MessageContext& context) {
    if (hub_->watched()) hub_->note(message, context, worker_);
    return sdk::Verdict::pass();
}

sdk::awaitable<sdk::Verdict> Watch::on_message(sdk::Message& message,
                                               const sdk::MessageContext& context) {
    co_return *at_once(message, context);
}

void Watch::on_transport_event(const sdk::TransportEvent& event) noexcept {
    if (hub_->watched()) hub_->note(event);
}

std::unique_ptr<sdk::Interceptor> make_watch(const sdk::Json& config,
                                             const sdk::InterceptorContext& context) {
    const Options options(config);
    auto hub = context.shared.get<Hub>([&] {
        auto made = std::make_shared<Hub>(options, context.metrics);
        made->serve(context.control);
        return made;
    });
    return std::make_unique<Watch>(std::move(hub), context.worker);
}

}  // namespace shadowcat::watch
