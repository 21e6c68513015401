// SPDX-License-Identifier: Apache-2.0
// SessionTable: the sessions of one worker, as listeners find them.
#pragma once

#include "shadowcat/sdk/service.hpp"

#include "core/session/session.hpp"
#include "core/session/session_id.hpp"

#include <atomic>
#include <cstddef>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace shadowcat::core {

/// What all tables of one proxy share. Thread-safe.
class SessionRegistry {
public:
    SessionIds ids;
    std::atomic<std::size_t> live{0};
    std::atomic<std::uint64_t> opened{0};

    /// Set while the proxy is short of memory: no session is opened.
    std::atomic<bool> shedding{false};
};

/// One session as the admin pages show it. No session id: that is a secret.
class SessionDescription {
public:
    SessionDescription() = default;

    std::string label;
    std::string revision;   ///< empty before `initialize` was answered
    std::string upstream;   ///< empty before one was needed
    std::string principal;  ///< empty for anonymous clients
    sdk::Duration age{};
    sdk::Duration idle{};  ///< since the last message of the client
    std::size_t in_flight = 0;
    bool listening = false;  ///< has its standalone stream open
};

/// Opens, finds, expires and ends sessions.
class SessionTable final : public sdk::Service {
public:
    SessionTable(SessionContext& context, SessionRegistry& registry);

    sdk::Result<std::shared_ptr<sdk::ClientSession>> open(const sdk::ClientInfo& client) override;
    sdk::Result<std::shared_ptr<sdk::ClientSession>> find(std::string_view id,
                                                          const sdk::ClientInfo& client) override;
    bool accepts_revision(std::string_view revision) const noexcept override;

    /// Refuses new sessions from now on.
    void close() noexcept { closed_ = true; }

    /// Requests in flight in all sessions.
    std::size_t in_flight() const;

    /// Lets sessions go from `upstream`, which is retired: those that nothing ties to it find
    /// another with their next request; `now_or_never` ends the others.
    void leave(Upstream& upstream, bool now_or_never);

    /// What the admin pages show; on the table's worker.
    std::vector<SessionDescription> describe() const;

    /// Ends every session, several at a time.
    sdk::awaitable<> end_all();

private:
    sdk::Result<std::shared_ptr<sdk::ClientSession>> add(std::string id,
                                                         const sdk::ClientInfo& client);
    sdk::Result<void> admit();
    static sdk::awaitable<> end_one(std::shared_ptr<Session> session, sdk::Gate::Pass pass);
    void sweep(sdk::TimePoint now);

    SessionContext& context_;
    SessionRegistry& registry_;
    // by the id within the session; shared: exchanges in flight keep their session alive after it
    // left the table
    std::unordered_map<std::string_view, std::shared_ptr<Session>> sessions_;
    std::vector<std::shared_ptr<Session>> swept_;  // kept between sweeps for its memory
    sdk::Worker::Tick tick_;
    std::atomic<bool> closed_{false};  // set by the draining worker
};

}  // namespace shadowcat::core
