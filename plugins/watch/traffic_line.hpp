// SPDX-License-Identifier: Apache-2.0
// traffic_line: an entry as people read it.
#pragma once

#include "entry.hpp"
#include "styled_line.hpp"

#include <string>

namespace shadowcat::watch {

/// One line, without its end:
///
///     13:04:05.678 s1 → tools/call echo #7  98 B
///     13:04:05.690 s1 ← tools/call echo #7  result 12.3 ms 1.2 kB
///
/// Safe to print whatever the peers chose.
std::string traffic_line(const Entry& entry, const Look& look = Look());

/// `12.3 ms`, `0.42 ms`, `2.50 s`.
std::string time_text(sdk::Duration elapsed);

/// `98 B`, `1.2 kB`, `3.4 MB`.
std::string size_text(std::uint64_t bytes);

}  // namespace shadowcat::watch
