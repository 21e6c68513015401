// SPDX-License-Identifier: Apache-2.0
// Choosing what stands between a session and its server.
#include "core/bridge/session_link.hpp"

namespace shadowcat::core {

sdk::awaitable<sdk::Result<std::unique_ptr<sdk::Link>>> open_session_link(
    sdk::Worker&, sdk::Connector& connector, sdk::LinkEvents& events,
    const sdk::LinkOptions& options, UpstreamEra&, const BridgeSettings&) {
    return connector.open(events, options);
}

}  // namespace shadowcat::core
