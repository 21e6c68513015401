// SPDX-License-Identifier: Apache-2.0
// LinkOpener: opens links, not too many at a time, and not while starts fail.
#pragma once

#include "shadowcat/sdk/connector.hpp"
#include "shadowcat/sdk/stateless.hpp"

#include "core/bridge/bridge_settings.hpp"
#include "core/upstream/link_roster.hpp"
#include "core/upstream/upstream_wait.hpp"

#include <memory>
#include <string>

namespace shadowcat::core {

/// One per upstream and worker; what it keeps to (the start gate, the pause after failures) is of
/// all workers.
class LinkOpener {
public:
    LinkOpener(LinkRoster& roster, std::unique_ptr<sdk::Connector> connector,
               const sdk::LinkOptions& options, const BridgeSettings& bridge);

    /// Waits until `lease` may start: until the pause is over, and for a place at the start gate.
    /// Fails with `unavailable`, saying when the next start is.
    sdk::awaitable<sdk::Result<void>> wait_for_turn(LinkLease& lease, UpstreamWait& wait);

    /// Takes the turn if there is one now.
    bool try_turn(LinkLease& lease);

    /// Opens the lease's link, for a session or for stateless requests. A failure prolongs the
    /// pause; its error names the upstream and is marked as nothing sent.
    sdk::awaitable<sdk::Result<std::shared_ptr<LinkLease>>> open(std::shared_ptr<LinkLease> lease,
                                                                 sdk::Era era = sdk::Era::session);

    bool links_share_state() const noexcept { return connector_->links_share_state(); }

    std::string target() const { return connector_->target(); }

    sdk::awaitable<> stop() { return connector_->stop(); }

private:
    using Opened = sdk::Result<std::unique_ptr<sdk::Link>>;

    sdk::awaitable<Opened> open_for(sdk::LinkEvents& events, sdk::Era era);
    sdk::Error refused(const sdk::Error& error);
    sdk::Error pausing(sdk::TimePoint until) const;

    LinkRoster& roster_;
    std::unique_ptr<sdk::Connector> connector_;
    const sdk::LinkOptions options_, stateless_options_;
    const BridgeSettings bridge_;
};

}  // namespace shadowcat::core
