// SPDX-License-Identifier: Apache-2.0
// What differs between any two runs: times and UUIDs in values.
#pragma once

#include "shadowcat/sdk/config.hpp"

#include <string>
#include <string_view>

namespace shadowcat::tape {

/// Whether two strings are the same but for ISO 8601 times and UUIDs that stand in the same places.
bool same_but_for_times(std::string_view a, std::string_view b);

/// `text` with each ISO 8601 time and UUID replaced by a mark.
std::string blank_times(std::string_view text);

/// Whether both are Unix times (seconds to milliseconds, of this century) in a member that is named
/// like one.
bool both_unix_times(std::string_view key, const sdk::Json& a, const sdk::Json& b);

}  // namespace shadowcat::tape
