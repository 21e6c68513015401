// SPDX-License-Identifier: Apache-2.0
// Characters of texts that a stranger chose: where they end, and whether they are any.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace shadowcat::watch {

/// The character at the beginning of a text.
class Character {
public:
    Character(char32_t value, std::size_t bytes, bool is_one)
        : code(value), size(bytes), valid(is_one) {}

    char32_t code;
    std::size_t size;  ///< In bytes; of what is no UTF-8 a single one.
    bool valid;        ///< False where there is no UTF-8; `code` is then U+FFFD.
};

/// `text` has at least one byte.
Character first_character(std::string_view text);

/// At most the first `max_bytes` of `text`, cut between characters.
std::string_view head_of(std::string_view text, std::size_t max_bytes);

/// The same with "…" where something is missing.
std::string excerpt(std::string_view text, std::size_t max_bytes);

/// `text` with U+FFFD for every byte that is no UTF-8.
std::string valid_utf8(std::string_view text);

}  // namespace shadowcat::watch
