// SPDX-License-Identifier: Apache-2.0
// StatelessDesk: where a worker performs requests of the stateless era.
#pragma once

#include "shadowcat/sdk/cancellation.hpp"
#include "shadowcat/sdk/service.hpp"

#include "core/bridge/to_sessions/stateless_bridge.hpp"
#include "core/session/session_context.hpp"
#include "core/stateless/result_cache.hpp"

#include <memory>
#include <string_view>
#include <vector>

namespace shadowcat::core {

class Session;
class SessionTable;
class StatelessDesk;

/// What the desks of all workers share. `desks` are in the workers' order, complete before those
/// run.
class StatelessCommon {
public:
    explicit StatelessCommon(const CacheSettings& caching) : cache(caching) {}

    std::vector<StatelessDesk*> desks;
    const Seal seal;
    ResultCache cache;
};

/// Opens the sessions that stand in for stateless clients.
class StandInSessions final : public sdk::Service {
public:
    explicit StandInSessions(SessionTable& table) : table_(table) {}

    sdk::Result<std::shared_ptr<sdk::ClientSession>> open(const sdk::ClientInfo& client) override;
    sdk::Result<std::shared_ptr<sdk::ClientSession>> find(std::string_view id,
                                                          const sdk::ClientInfo& client) override;
    bool accepts_revision(std::string_view revision) const noexcept override;

private:
    SessionTable& table_;
};

/// One per worker. A request goes to an upstream that speaks its era as it is, or over the bridge
/// to one that speaks in sessions.
class StatelessDesk {
public:
    StatelessDesk(SessionContext& context, SessionTable& table, StatelessCommon& common);
    ~StatelessDesk();
    StatelessDesk(const StatelessDesk&) = delete;
    StatelessDesk& operator=(const StatelessDesk&) = delete;

    sdk::Worker& worker() noexcept { return context_.worker; }

    /// The desk where requests of `principal` are performed: always the same one, so that what they
    /// share (a server's process, parked calls, a bridged session) is found; this one, if all
    /// upstreams are known to be the same from everywhere.
    StatelessDesk& desk_of(std::string_view principal);

    /// Performs `request` and writes what answers it: exactly one response, unless it is cancelled.
    /// `client` and the references outlive the call.
    sdk::awaitable<> perform(sdk::Message request, const sdk::ClientInfo& client,
                             sdk::ReplyStream& replies, sdk::Cancellation& cancellation);

    /// Ends what waits; after the sessions of the table have ended.
    sdk::awaitable<> stop();

private:
    sdk::awaitable<> pass(sdk::Message request, const sdk::ClientInfo& client,
                          sdk::ReplyStream& replies, sdk::Cancellation& cancellation);
    sdk::awaitable<sdk::Result<bool>> speaks_stateless(const sdk::ClientInfo& client);

    SessionContext& context_;
    SessionTable& table_;
    StatelessCommon& common_;
    StandInSessions stand_ins_;
    StatelessBridge bridge_;
    sdk::Worker::Tick tick_;
};

}  // namespace shadowcat::core
