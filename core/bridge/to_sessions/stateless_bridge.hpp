// SPDX-License-Identifier: Apache-2.0
// StatelessBridge: clients of the stateless era on servers that have sessions (duties C.2).
#pragma once

#include "shadowcat/sdk/cancellation.hpp"
#include "shadowcat/sdk/service.hpp"
#include "shadowcat/sdk/worker.hpp"

#include "core/bridge/bridge_settings.hpp"
#include "core/bridge/to_sessions/seal.hpp"

#include <memory>

namespace shadowcat::core {

namespace sdk = shadowcat::sdk;

/// One per worker. A client's requests all come to one worker, chosen by its principal, so that
/// the calls it has parked and the sessions it shares are found.
class StatelessBridge {
public:
    /// `sessions` opens the sessions that stand in for clients. The references outlive the bridge.
    StatelessBridge(sdk::Worker& worker, sdk::Service& sessions, const BridgeSettings& settings,
                    const Seal& seal);
    ~StatelessBridge();
    StatelessBridge(const StatelessBridge&) = delete;
    StatelessBridge& operator=(const StatelessBridge&) = delete;

    /// Performs a request that `sdk::check_stateless` has passed, and writes what answers it, as
    /// revision 2026-07-28 has it: notifications, then exactly one response (none when cancelled).
    /// `cancellation`: the client has gone or withdraws the request. `client` and the references
    /// outlive the call.
    sdk::awaitable<> perform(sdk::Message request, const sdk::ClientInfo& client,
                             sdk::ReplyStream& replies, sdk::Cancellation& cancellation);

    /// Ends what has waited for too long; every tick of the worker.
    void sweep(sdk::TimePoint now);

    /// Ends listens and parked calls and the sessions that stood in. Nothing is performed
    /// afterwards.
    sdk::awaitable<> stop();

private:
    class State;
    std::shared_ptr<State> state_;  // shared with the calls under way
};

}  // namespace shadowcat::core
