// SPDX-License-Identifier: Apache-2.0
// StandIns: the sessions of one worker that stand in for stateless clients.
#pragma once

#include "shadowcat/sdk/service.hpp"
#include "shadowcat/sdk/worker.hpp"

#include "core/bridge/bridge_settings.hpp"
#include "core/bridge/to_sessions/stand_in.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>

namespace shadowcat::core {

/// Whose request it is, and what the client says about itself in it.
class StatelessClient {
public:
    StatelessClient(const sdk::ClientInfo& client, const sdk::Message& request)
        : principal(client.principal),
          peer(client.peer),
          capabilities(request.client_capabilities()),
          info(request.client_info()) {}

    std::string principal;
    std::string peer;
    std::string capabilities;  ///< JSON text
    std::string info;          ///< JSON text, or empty
};

/// One for each principal and set of capabilities; one for each request of an anonymous client,
/// unless those share too (duties C.2, session affinity).
class StandIns {
public:
    /// How long one is kept that nothing uses.
    static constexpr std::chrono::seconds kIdle = std::chrono::seconds(60);

    StandIns(sdk::Worker& worker, sdk::Service& sessions, const BridgeSettings& settings)
        : worker_(worker), sessions_(sessions), settings_(settings) {}

    /// The one for `client`; a fresh one if there is none. Fails as `Service::open` does.
    sdk::Result<std::shared_ptr<StandIn>> find(const StatelessClient& client);

    /// Gives `stand_in` back: ends it if it served one request only, or is dead.
    void release(const std::shared_ptr<StandIn>& stand_in);

    /// Ends those that nothing has used for a while.
    void sweep(sdk::TimePoint now);

    /// Ends all; completes when they have ended.
    sdk::awaitable<> end_all();

private:
    sdk::Result<std::shared_ptr<StandIn>> open(const StatelessClient& client,
                                               std::string capabilities, bool shared);
    void end_later(std::shared_ptr<StandIn> stand_in);
    static sdk::awaitable<> end_one(std::shared_ptr<StandIn> stand_in, sdk::Gate::Pass pass);

    sdk::Worker& worker_;
    sdk::Service& sessions_;
    const BridgeSettings& settings_;
    std::unordered_map<std::string, std::shared_ptr<StandIn>> shared_;
    std::unordered_set<std::shared_ptr<StandIn>> separate_;
    sdk::Gate ending_;
};

}  // namespace shadowcat::core
