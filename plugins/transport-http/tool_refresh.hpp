// SPDX-License-Identifier: Apache-2.0
// refresh_tools: asks an upstream for its tools when it misses headers.
#pragma once

#include "upstream_session.hpp"

#include <string>

namespace shadowcat::http {

/// Sends `tools/list` with the `_meta` of the request that was refused (JSON text), page by page,
/// and lets the session's pool learn from the answers. What fails leaves everything as it was.
awaitable<> refresh_tools(UpstreamSession& session, std::string meta, Interrupt& interrupt);

}  // namespace shadowcat::http
