// SPDX-License-Identifier: Apache-2.0
// The coroutine that serves one connection, on one worker after the other.
#pragma once

#include "http_connection.hpp"

#include <memory>

namespace shadowcat::http {

/// Serves `connection` on `group`'s worker until it ends or moves to a worker that owns a session
/// it names. On that worker's thread.
void start_serving(ConnectionGroup& group, std::unique_ptr<HttpConnection> connection);

/// Posts `start_serving` to `group`'s worker; from any thread.
void send_to(ConnectionGroup& group, std::unique_ptr<HttpConnection> connection);

}  // namespace shadowcat::http
