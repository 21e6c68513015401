// SPDX-License-Identifier: Apache-2.0
// safe_text: what a peer chose, as it may be shown on a terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace shadowcat::tape {

/// `text` on one line: line breaks and tabs as `\n`, `\r`, `\t`; other control characters, and
/// characters that are invisible or turn the direction of writing, as `\u202e`; what isn't UTF-8 as
/// U+FFFD. Text longer than `max_bytes` is cut between characters and ends with `…`.
std::string safe_text(std::string_view text, std::size_t max_bytes = std::string_view::npos);

/// The same for text of several lines: `\n` stays a line break.
std::string safe_lines(std::string_view text);

/// A JSON text that means the same and can be printed: hidden characters become `\u` escapes; white
/// space and all else stay.
std::string safe_json(std::string_view text);

}  // namespace shadowcat::tape
