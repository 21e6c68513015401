// SPDX-License-Identifier: Apache-2.0
// Cuts UTF-8 text between characters.
#include "excerpt.hpp"

namespace shadowcat::message_log {

namespace {

bool continues_a_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

}  // namespace

std::string excerpt(std::string_view text, std::size_t max_bytes) {
    if (text.size() <= max_bytes) return std::string(text);
    std::size_t end = max_bytes;
    while (end > 0 && continues_a_character(text[end]))
        --end;
    return std::string(text.substr(0, end)) + "…";
}

}  // namespace shadowcat::message_log
