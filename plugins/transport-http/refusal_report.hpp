// SPDX-License-Identifier: Apache-2.0
// Requests that no session has seen, for the access log.
#pragma once

#include "http_connection.hpp"

namespace shadowcat::http {

/// Tells the host that `connection`'s request to the endpoint is refused; nothing for other paths.
/// `method` is the message's, if it was read.
void report_refusal(HttpConnection& connection, const Refusal& refusal, std::string_view method);

}  // namespace shadowcat::http
