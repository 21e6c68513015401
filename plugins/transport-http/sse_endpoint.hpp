// SPDX-License-Identifier: Apache-2.0
// sse_endpoint: where an HTTP+SSE server wants messages to be posted.
#pragma once

#include "upstream_url.hpp"

#include <string>
#include <string_view>

namespace shadowcat::http {

/// Resolves `reference`, the data of the event `endpoint`, against the URL of the stream (RFC 3986,
/// 5.2). Gives path and query. Fails with `protocol` for another origin, to which neither messages
/// nor credentials may go, and for what is no such reference. MCP 2024-11-05, basic/transports.
Result<std::string> sse_endpoint(const UpstreamUrl& stream, std::string_view reference);

}  // namespace shadowcat::http
