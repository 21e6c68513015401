// SPDX-License-Identifier: Apache-2.0
// One conversation and its requests in flight.
#include "stateless_side.hpp"

#include "shadowcat/sdk/json_rpc.hpp"
#include "shadowcat/sdk/stateless.hpp"

namespace shadowcat::transport_stdio {

bool StatelessSide::means(const sdk::Message& message) const {
    const std::span<const std::string_view> served = service_.stateless_revisions();
    return !served.empty() && !message.is_response() &&
           sdk::era_of(message, nullptr, served) == sdk::Era::stateless;
}

std::optional<sdk::Message> StatelessSide::refusal_of(const sdk::Message& request) const {
    const std::optional<sdk::StatelessRefusal> refusal =
        sdk::check_stateless(request, nullptr, service_.stateless_revisions());
    if (!refusal) return std::nullopt;
    return sdk::make_error(request.id(), refusal->code, refusal->message, refusal->data);
}

sdk::Result<std::shared_ptr<sdk::ClientSession>> StatelessSide::conversation() {
    if (conversation_) return conversation_;
    sdk::Result<std::shared_ptr<sdk::ClientSession>> opened = service_.open_stateless({});
    if (opened.has_value()) conversation_ = *opened;
    return opened;
}

std::shared_ptr<sdk::ClientSession> StatelessSide::conversation_of(std::string_view id) const {
    return ids_.contains(id) ? conversation_ : nullptr;
}

StatelessSide::InFlight::InFlight(StatelessSide& side, std::string_view id)
    : side_(side), entry_(side.ids_.emplace(id)) {}

StatelessSide::InFlight::~InFlight() { side_.ids_.erase(entry_); }

sdk::awaitable<> StatelessSide::end() {
    if (conversation_) co_await conversation_->end();
}

}  // namespace shadowcat::transport_stdio
