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
#include <unordered_set>
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

class StatelessDesk;

/// Opens, finds, expires and ends sessions.
class SessionTable final : public sdk::Service {
public:
    SessionTable(SessionContext& context, SessionRegistry& registry);

    sdk::Result<std::shared_ptr<sdk::ClientSession>> open(const sdk::ClientInfo& client) override;
    sdk::Result<std::shared_ptr<sdk::ClientSession>> find(std::string_view id,
                                                          const sdk::ClientInfo& client) override;
    bool accepts_revision(std::string_view revision) const noexcept override;
    std::span<const std::string_view> stateless_revisions() const noexcept override;
    bool passes_text() const noexcept override { return context_.settings.passes_text; }
    sdk::Result<std::shared_ptr<sdk::ClientSession>> open_stateless(
        const sdk::ClientInfo& client) override;
    std::optional<std::string> mirror_mismatch(
        const sdk::Message& call, std::span<const sdk::MirroredHeader> headers) const override;

    /// Where stateless requests go; set before anybody is served.
    void serve_stateless(StatelessDesk& desk) noexcept { desk_ = &desk; }

    /// A session whose client is the bridge, in the place of `client`.
    sdk::Result<std::shared_ptr<sdk::ClientSession>> open_stand_in(const sdk::ClientInfo& client);

    /// A session of the stateless era, for one request. It is watched like the others until
    /// `passed`, but can't be found.
    std::shared_ptr<Session> pass(const sdk::ClientInfo& client);
    void passed(const std::shared_ptr<Session>& session) { passing_.erase(session); }

    /// Refuses new sessions from now on.
    void close() noexcept { closed_ = true; }
    bool closed() const noexcept { return closed_; }

    /// Requests in flight in all sessions.
    std::size_t in_flight() const;

    /// Lets sessions go from `upstream`, which is retired: those that nothing ties to it find
    /// another with their next request; `now_or_never` ends the others.
    void leave(Upstream& upstream, bool now_or_never);

    /// Passes a signal on to the servers that sessions have to themselves; whether there is one.
    bool signal_servers(int number);

    /// What the admin pages show; on the table's worker.
    std::vector<SessionDescription> describe() const;

    /// Ends every session, several at a time.
    sdk::awaitable<> end_all();

private:
    sdk::Result<std::shared_ptr<sdk::ClientSession>> add(std::string id,
                                                         const sdk::ClientInfo& client);
    sdk::Result<void> admit();
    void gather(std::vector<std::shared_ptr<Session>>& all) const;
    static sdk::awaitable<> end_one(std::shared_ptr<Session> session, sdk::Gate::Pass pass);
    void sweep(sdk::TimePoint now);

    SessionContext& context_;
    SessionRegistry& registry_;
    // by the id within the session; shared: exchanges in flight keep their session alive after it
    // left the table
    std::unordered_map<std::string_view, std::shared_ptr<Session>> sessions_;
    std::unordered_set<std::shared_ptr<Session>> passing_;  // stateless ones
    StatelessDesk* desk_ = nullptr;
    std::vector<std::shared_ptr<Session>> swept_;  // kept between sweeps for its memory
    sdk::Worker::Tick tick_;
    std::atomic<bool> closed_{false};  // set by the draining worker
};

}  // namespace shadowcat::core
