// SPDX-License-Identifier: Apache-2.0
// terminal_text: text that strangers chose, fit for a terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace shadowcat::intercept {

/// `text` with whatever could steer a terminal, or turn the order of what is shown, as `\u00e9` is
/// written in JSON; bytes that are no UTF-8 as U+FFFD. `keep_lines`: line breaks may stay.
std::string terminal_text(std::string_view text, bool keep_lines = false);

/// At most `most` characters of it, with "…" where something is missing.
std::string terminal_excerpt(std::string_view text, std::size_t most);

/// How many characters `text` (UTF-8) has.
std::size_t length_of(std::string_view text);

}  // namespace shadowcat::intercept
