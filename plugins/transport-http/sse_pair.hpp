// SPDX-License-Identifier: Apache-2.0
// The deprecated pair of endpoints of MCP 2024-11-05: a stream of events and a place to post to.
#pragma once

#include "http_connection.hpp"
#include "refusal.hpp"

#include <optional>

namespace shadowcat::http {

/// What the head of a request to one of the two must be like, before its body is read.
std::optional<Refusal> check_sse_head(const RequestHead& head, const HttpListenerOptions& options);

/// Performs the request to one of the two that `connection` has read in full and answers it. A GET
/// completes when its client or its session has gone.
awaitable<> answer_at_sse_pair(HttpConnection& connection);

}  // namespace shadowcat::http
