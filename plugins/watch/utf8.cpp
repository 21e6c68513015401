// SPDX-License-Identifier: Apache-2.0
// Decodes UTF-8 as RFC 3629 has it: nothing overlong, no surrogates.
#include "utf8.hpp"

#include <array>

namespace shadowcat::watch {

namespace {

constexpr char32_t kReplacement = 0xFFFD;

bool continues_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

/// How many bytes a character has that begins with `byte`; 0 when none does.
std::size_t size_by_first_byte(unsigned char byte) {
    if (byte < 0x80) return 1;
    if (byte >= 0xC2 && byte < 0xE0) return 2;
    if (byte >= 0xE0 && byte < 0xF0) return 3;
    return byte >= 0xF0 && byte < 0xF5 ? 4 : 0;
}

bool is_character(char32_t code, std::size_t size) {
    constexpr std::array<char32_t, 5> kLeast = {0, 0, 0x80, 0x800, 0x10000};
    const bool surrogate = code >= 0xD800 && code < 0xE000;
    return code >= kLeast[size] && code <= 0x10FFFF && !surrogate;
}

}  // namespace

Character first_character(std::string_view text) {
    const Character none(kReplacement, 1, false);
    const auto first = static_cast<unsigned char>(text.front());
    const std::size_t size = size_by_first_byte(first);
    if (size == 0 || size > text.size()) return none;
    char32_t code = size == 1 ? first : first & (0xFFU >> (size + 1));
    for (std::size_t i = 1; i < size; ++i) {
        if (!continues_character(text[i])) return none;
        code = code << 6 | (static_cast<unsigned char>(text[i]) & 0x3FU);
    }
    return is_character(code, size) ? Character(code, size, true) : none;
}

std::string_view head_of(std::string_view text, std::size_t max_bytes) {
    if (text.size() <= max_bytes) return text;
    std::size_t end = max_bytes;
    while (end > 0 && continues_character(text[end]))
        --end;
    return text.substr(0, end);
}

std::string excerpt(std::string_view text, std::size_t max_bytes) {
    std::string shown(head_of(text, max_bytes));
    if (shown.size() < text.size()) shown += "…";
    return shown;
}

std::string valid_utf8(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const Character next = first_character(text);
        out += next.valid ? text.substr(0, next.size) : std::string_view("\uFFFD");
        text.remove_prefix(next.size);
    }
    return out;
}

}  // namespace shadowcat::watch
