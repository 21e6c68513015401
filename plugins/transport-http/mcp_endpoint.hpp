// SPDX-License-Identifier: Apache-2.0
// The MCP endpoint: what a POST, GET or DELETE means to sessions.
#pragma once

#include "http_connection.hpp"

#include <string>

namespace shadowcat::http {

/// Performs the request that `connection` has read in full and answers it: MCP 2025-03-26 to
/// 2025-11-25, which have sessions, and beside them 2026-07-28, where the service has it.
awaitable<> answer_at_endpoint(HttpConnection& connection);

/// POST: one message of either era, or a batch.
awaitable<> take_message(HttpConnection& connection);

/// A message of the stateless era. A client that leaves before it is answered cancels it.
awaitable<> take_stateless(HttpConnection& connection, Message message);

/// A batch: only sessions of 2025-03-26 take one. `text` is the request's body; its head has passed
/// `check_session_fields`.
awaitable<> take_batch(HttpConnection& connection, std::string text);

/// GET: the stream of what the server says by itself, or with `Last-Event-ID` what followed that
/// event on its stream.
awaitable<> open_listen_stream(HttpConnection& connection);

/// DELETE: the session's end.
awaitable<> end_session(HttpConnection& connection);

}  // namespace shadowcat::http
