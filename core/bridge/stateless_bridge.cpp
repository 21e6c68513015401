// SPDX-License-Identifier: Apache-2.0
// The bridge's doors.
#include "core/bridge/stateless_bridge.hpp"

#include "shadowcat/sdk/json_rpc.hpp"

namespace shadowcat::core {

class StatelessBridge::State {};

StatelessBridge::StatelessBridge(sdk::Worker&, sdk::Service&, const BridgeSettings&, const Seal&) {}

StatelessBridge::~StatelessBridge() = default;

sdk::awaitable<> StatelessBridge::perform(sdk::Message request, const sdk::ClientInfo&,
                                          sdk::ReplyStream& replies, sdk::Cancellation&) {
    sdk::Message refusal =
        sdk::make_error(request.id(), sdk::json_rpc::kMethodNotFound, "not bridged yet");
    co_await replies.write(std::move(refusal));
}

void StatelessBridge::sweep(sdk::TimePoint) {}

sdk::awaitable<> StatelessBridge::stop() { co_return; }

}  // namespace shadowcat::core
