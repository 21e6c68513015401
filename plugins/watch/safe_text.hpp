// SPDX-License-Identifier: Apache-2.0
// Text for terminals: nothing in it commands one, and its width is known.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace shadowcat::watch {

/// `text` with what could move a cursor, forge a line or turn the direction of writing escaped:
/// control characters (`\n`, `\u001b`), marks of direction, invisible characters. What is no UTF-8
/// becomes U+FFFD.
std::string safe(std::string_view text);

/// How many columns of a terminal `text` takes: two for wide characters, none for marks that
/// combine. `text` is safe.
std::size_t columns_of(std::string_view text);

/// The beginning of `text` that fits into `columns`, cut between characters.
std::string_view fitting(std::string_view text, std::size_t columns);

}  // namespace shadowcat::watch
