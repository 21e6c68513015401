// SPDX-License-Identifier: Apache-2.0
// Reads Content-Type and Accept values, as far as MCP needs them.
#pragma once

#include <string_view>

namespace shadowcat::http {

/// True for `application/json`, with no charset or UTF-8; other parameters don't matter.
bool is_json_content(std::string_view content_type);

/// True when `accept` (RFC 9110 12.5.1) admits `type`, e.g. `text/event-stream`: the most specific
/// range that matches it has a weight above zero.
bool accepts(std::string_view accept, std::string_view type);

}  // namespace shadowcat::http
