// SPDX-License-Identifier: Apache-2.0
// StandIn: a session that stands in for the stateless requests of one client.
#pragma once

#include "shadowcat/sdk/service.hpp"
#include "shadowcat/sdk/worker.hpp"

#include "core/bridge/to_sessions/server_facts.hpp"
#include "core/bridge/to_sessions/stand_in_listens.hpp"
#include "core/mcp/log_severity.hpp"

#include <array>
#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace shadowcat::core {

namespace sdk = shadowcat::sdk;

/// `error` of a session, none if it just ended, as a client is told that knows of no sessions.
sdk::Error bridged_error(const std::optional<sdk::Error>& error);

/// A call whose client can be asked for input.
class Askable {
public:
    virtual ~Askable() = default;

    /// Takes a request of the server.
    virtual sdk::awaitable<> ask(sdk::Message question) = 0;
};

/// On the session it is the client. Shared by the calls and listens that run on it, and by its
/// table; lives on one worker.
class StandIn : public std::enable_shared_from_this<StandIn> {
public:
    /// `initialize`: the params with which the session begins. `shared`: it serves more than one
    /// request.
    StandIn(sdk::Worker& worker, std::shared_ptr<sdk::ClientSession> session,
            std::string initialize, bool shared, std::size_t max_subscriptions);

    /// Initialises the session, once; those who come meanwhile wait. Fails, for good, as that does;
    /// never with `unknown_session`.
    sdk::awaitable<sdk::Result<void>> ready();

    /// What the server said about itself; once `ready`.
    const ServerFacts& server() const noexcept { return server_; }

    /// Sends a request of the bridge's own and gives its response. Fails as the session does.
    sdk::awaitable<sdk::Result<sdk::Message>> ask_server(std::string_view method,
                                                         std::string_view params);

    /// Tells the session something: a notification, or a response to its server.
    sdk::awaitable<sdk::Result<void>> tell(sdk::Message message);

    sdk::Worker& worker() noexcept { return worker_; }
    sdk::ClientSession& session() noexcept { return *session_; }
    StandInListens& listens() noexcept { return listens_; }
    bool shared() const noexcept { return shared_; }

    /// A fresh request id (JSON text), also good as a progress token.
    std::string mint() { return std::to_string(++minted_); }

    /// Another request must not use it: its session is lost.
    bool dead() const noexcept { return dead_; }
    void mark_dead() noexcept { dead_ = true; }

    /// Ends the session and what runs on it. Idempotent.
    sdk::awaitable<> end();

    bool idle_since(sdk::TimePoint limit) const noexcept {
        return uses_ == 0 && last_used_ < limit;
    }

    /// Keeps it from expiring.
    class Use {
    public:
        explicit Use(StandIn& it) : it_(it) { ++it_.uses_; }
        ~Use() {
            --it_.uses_;
            it_.last_used_ = it_.worker_.now();
        }
        Use(const Use&) = delete;
        Use& operator=(const Use&) = delete;

    private:
        StandIn& it_;
    };

    /// A call that wants log messages from this level on, for as long as it lives.
    class LogDemand {
    public:
        LogDemand(std::shared_ptr<StandIn> of, std::size_t severity)
            : of_(std::move(of)), severity_(severity) {
            ++of_->demands_[severity_];
        }
        ~LogDemand() { --of_->demands_[severity_]; }
        LogDemand(const LogDemand&) = delete;
        LogDemand& operator=(const LogDemand&) = delete;

    private:
        std::shared_ptr<StandIn> of_;
        std::size_t severity_;
    };

    /// Sets the server's level to the most verbose demanded, if it has any.
    sdk::awaitable<> tune_log();

    /// The call that questions belong to which came along with something else, or by themselves:
    /// not every server, and no pipe, ties them to their call. The newest, or null.
    Askable* askable() const noexcept { return askables_.empty() ? nullptr : askables_.back(); }

    class Asking {
    public:
        Asking(std::shared_ptr<StandIn> on, Askable& call) : on_(std::move(on)), call_(&call) {
            on_->askables_.push_back(call_);
        }
        ~Asking() { std::erase(on_->askables_, call_); }
        Asking(const Asking&) = delete;
        Asking& operator=(const Asking&) = delete;

    private:
        std::shared_ptr<StandIn> on_;
        Askable* call_;
    };

    /// A request of the server that came along with something that can't carry it.
    sdk::awaitable<> redirect(sdk::Message question);

private:
    enum class Phase : std::uint8_t { fresh, opening, open };

    sdk::awaitable<sdk::Result<void>> initialize();

    sdk::Worker& worker_;
    std::shared_ptr<sdk::ClientSession> session_;
    std::string initialize_;
    const bool shared_;
    const bool can_be_asked_;
    ServerFacts server_;
    StandInListens listens_;
    std::uint64_t minted_ = 0;
    Phase phase_ = Phase::fresh;
    std::optional<sdk::Error> failure_;
    std::list<sdk::Wakeup> waiting_;  // for `ready`
    std::array<unsigned, kLogLevels.size()> demands_{};
    std::optional<std::size_t> level_;  // as set last
    std::vector<Askable*> askables_;    // in the order they began
    unsigned uses_ = 0;
    sdk::TimePoint last_used_;
    bool dead_ = false;
};

}  // namespace shadowcat::core
