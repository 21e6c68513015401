// SPDX-License-Identifier: Apache-2.0
// The MCP endpoint: what a POST, GET or DELETE means to sessions.
#pragma once

#include "http_connection.hpp"

namespace shadowcat::http {

/// Performs the request that `connection` has read in full and answers it. MCP 2025-03-26 to
/// 2025-11-25. (2025-03-26's batches are refused; 2026-07-28, which knows neither GET nor sessions,
/// will be a second function beside these.)
awaitable<> answer_at_endpoint(HttpConnection& connection);

/// POST: one message.
awaitable<> take_message(HttpConnection& connection);

/// GET: the stream of what the server says by itself, or with `Last-Event-ID` what followed that
/// event on its stream.
awaitable<> open_listen_stream(HttpConnection& connection);

/// DELETE: the session's end.
awaitable<> end_session(HttpConnection& connection);

}  // namespace shadowcat::http
