// SPDX-License-Identifier: Apache-2.0
// Transport events and gaps in words, safe to print.
#pragma once

#include "shadowcat/sdk/config.hpp"

#include <cstdint>
#include <string>

namespace shadowcat::tape {

/// The member of `fields` as it can be printed; empty when it is no string.
std::string text_member(const sdk::Json& fields, const char* key, std::size_t max_bytes = 200);

/// The same as it is on the tape.
std::string raw_member(const sdk::Json& fields, const char* key);

/// 0 when it is no number that fits.
std::uint64_t number_member(const sdk::Json& fields, const char* key);

/// `http_request POST /mcp (stream 3)`, `stderr_line listening`.
std::string event_text(const sdk::Json& fields);

/// `gap: 12 messages were lost (queue_full)`.
std::string gap_text(const sdk::Json& fields);

}  // namespace shadowcat::tape
