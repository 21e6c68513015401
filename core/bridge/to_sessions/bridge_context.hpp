// SPDX-License-Identifier: Apache-2.0
// BridgeContext: what the parts of one worker's StatelessBridge share.
#pragma once

#include "shadowcat/sdk/gate.hpp"
#include "shadowcat/sdk/service.hpp"
#include "shadowcat/sdk/worker.hpp"

#include "core/bridge/bridge_settings.hpp"
#include "core/bridge/to_sessions/parked_calls.hpp"
#include "core/bridge/to_sessions/seal.hpp"
#include "core/bridge/to_sessions/stand_ins.hpp"

#include <cstddef>
#include <memory>

namespace shadowcat::core {

/// Held by every coroutine of the bridge: those outlive its owner.
class BridgeContext : public std::enable_shared_from_this<BridgeContext> {
public:
    BridgeContext(sdk::Worker& on, sdk::Service& sessions, const BridgeSettings& how,
                  const Seal& with)
        : worker(on),
          settings(how),
          seal(with),
          stand_ins(on, sessions, how),
          parked(how.max_parked) {}

    sdk::Worker& worker;
    const BridgeSettings& settings;
    const Seal& seal;
    StandIns stand_ins;
    ParkedCalls parked;
    std::size_t listens = 0;
    sdk::Gate inside;  ///< everybody; closed when the bridge stops
};

}  // namespace shadowcat::core
