// SPDX-License-Identifier: Apache-2.0
// What the admin pages say of the proxy's parts, as JSON. No secrets: no session ids, no headers.
#pragma once

#include "core/proxy/shared.hpp"

namespace shadowcat::core {

/// Whether requests can go there at the moment.
bool usable(const UpstreamState& upstream);

/// State, load and capacity of one upstream.
sdk::Json describe(const UpstreamState& upstream);

/// Load of the proxy as a whole, with its upstreams.
sdk::Json describe(const Shared& shared);

/// One entry for each session of `table`; on its worker.
void append_sessions(const SessionTable& table, sdk::Json& list);

}  // namespace shadowcat::core
