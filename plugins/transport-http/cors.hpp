// SPDX-License-Identifier: Apache-2.0
// CORS: what lets a web page of an allowed origin use the endpoint (no MCP page speaks of it).
#pragma once

#include "request_head.hpp"

#include <string>

namespace shadowcat::http {

/// Adds the fields that every answer to an allowed origin needs; nothing without an Origin.
void append_cors_fields(std::string& out, const RequestHead& head);

/// Adds the fields of the answer to a preflight.
void append_preflight_fields(std::string& out, const RequestHead& head);

}  // namespace shadowcat::http
