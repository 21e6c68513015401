// SPDX-License-Identifier: Apache-2.0
// mirror_lines: the headers of one message of the stateless era (2026-07-28).
#pragma once

#include "tool_schemas.hpp"

#include <string>

namespace shadowcat::http {

/// `MCP-Protocol-Version`, `Mcp-Method`, `Mcp-Name` and `Mcp-Param-*` of `message`, computed from
/// what it says, as lines of a head. What can't stand in a header and has no encoding is left out:
/// the server will say so.
std::string mirror_lines(const Message& message, const ToolSchemas& schemas);

}  // namespace shadowcat::http
