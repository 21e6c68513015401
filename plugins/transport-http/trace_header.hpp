// SPDX-License-Identifier: Apache-2.0
// A request's `traceparent` header, into its message.
#pragma once

#include "http_connection.hpp"

namespace shadowcat::http {

/// Puts the header that came with `message` into it, where requests are traced, the header is sound
/// and the message has none.
void take_trace_header(const HttpConnection& connection, Message& message);

}  // namespace shadowcat::http
