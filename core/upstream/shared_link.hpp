// SPDX-License-Identifier: Apache-2.0
// SharedLink: one link that many sessions of a worker use at a time.
#pragma once

#include "shadowcat/sdk/gate.hpp"
#include "shadowcat/sdk/worker.hpp"

#include "core/upstream/link_lease.hpp"

#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace shadowcat::core {

class Upstream;

/// A session that takes part in a shared link.
class Participant {
public:
    virtual ~Participant() = default;

    /// A change notification of the server that concerns this session.
    virtual sdk::awaitable<> on_shared_message(sdk::Message message) = 0;

    virtual bool subscribed_to(std::string_view uri) const = 0;

    /// All it subscribed to: a fresh link is told again.
    virtual std::vector<std::string> subscriptions() const { return {}; }
};

/// Initialised by the proxy itself, without client capabilities, so that the server may not ask any
/// client for anything (duties B.6, B.14). Change notifications go to every participant, resource
/// updates to those who subscribed, log messages to nobody: on a shared channel they can't be
/// attributed (B.10). A link that has served its time goes on until another is open; then that gets
/// the new calls, and the old one is closed when its last call has ended.
class SharedLink final : public sdk::LinkEvents {
public:
    SharedLink(sdk::Worker& worker, Upstream& upstream) : worker_(worker), upstream_(upstream) {}

    /// The open, initialised link; opens it on first use and after it was lost.
    sdk::awaitable<sdk::Result<std::shared_ptr<LinkLease>>> lease();

    /// The link, if `lease` would give it at once; else null.
    std::shared_ptr<LinkLease> ready_lease() const noexcept {
        const bool at_once = lease_ && lease_->alive() && !lease_->retiring() && !opening_;
        return at_once ? lease_ : nullptr;
    }

    /// Open, or about to be: whoever needs it need not wait for a place.
    bool ready() const noexcept { return opening_ || (lease_ && lease_->alive()); }

    /// The server's `InitializeResult` as JSON text; empty before the first lease.
    const std::string& initialize_result() const noexcept { return initialize_result_; }

    void join(Participant& participant) { participants_.insert(&participant); }
    void leave(Participant& participant) { participants_.erase(&participant); }

    /// How many participants subscribed to `uri`.
    std::size_t subscribers(std::string_view uri) const;

    /// Closes the link; completes when no other is being opened.
    sdk::awaitable<> close();

    sdk::awaitable<> on_message(sdk::Message message) override;
    void on_closed(const sdk::Error& error) override;

private:
    using Leased = sdk::Result<std::shared_ptr<LinkLease>>;

    sdk::awaitable<Leased> open();
    sdk::awaitable<Leased> greet(std::shared_ptr<LinkLease> fresh);
    sdk::awaitable<> subscribe_again(std::shared_ptr<LinkLease> fresh);
    static sdk::awaitable<> renew(SharedLink& self, sdk::Gate::Pass pass);
    void renew_later();

    sdk::Worker& worker_;
    Upstream& upstream_;
    std::shared_ptr<LinkLease> lease_;  // also held by the calls in flight on it
    std::string initialize_result_;
    bool opening_ = false;
    bool renewing_ = false;
    bool closed_ = false;
    sdk::Gate running_;
    std::vector<sdk::Wakeup*> waiting_;
    std::unordered_set<Participant*> participants_;
};

}  // namespace shadowcat::core
