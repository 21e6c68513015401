// SPDX-License-Identifier: Apache-2.0
// Opening a link for a session, whatever era its server speaks (duties C.3).
#pragma once

#include "shadowcat/sdk/connector.hpp"

#include "core/bridge/bridge_settings.hpp"
#include "core/upstream/upstream_era.hpp"

#include <memory>

namespace shadowcat::core {

namespace sdk = shadowcat::sdk;

/// Opens a link through `connector` on which a session can speak its revision:
/// - of a server that has sessions, as it comes, without anything in between;
/// - of a stateless server, behind a bridge that is a session-era server to its caller;
/// - of one that isn't known yet, as it comes, and `initialize` shows: if that is refused and the
///   server answers `server/discover`, a bridge steps in between and answers. `era` learns it.
///
/// `events` gets the server's own messages as the session's revision has them. The references
/// outlive the link. Fails like `Connector::open`.
sdk::awaitable<sdk::Result<std::unique_ptr<sdk::Link>>> open_session_link(
    sdk::Worker& worker, sdk::Connector& connector, sdk::LinkEvents& events,
    const sdk::LinkOptions& options, UpstreamEra& era, const BridgeSettings& settings);

}  // namespace shadowcat::core
