// SPDX-License-Identifier: Apache-2.0
// Decodes UTF-8 and judges each character.
#include "cli/terminal_text.hpp"

#include <algorithm>
#include <array>

namespace shadowcat::intercept {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

/// One character at the beginning of a text.
class Decoded {
public:
    char32_t code = 0;
    std::size_t size = 1;
    bool valid = false;
};

bool continues(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

std::size_t size_of(unsigned char first) {
    if (first < 0x80) return 1;
    if (first >= 0xC2 && first < 0xE0) return 2;
    if (first >= 0xE0 && first < 0xF0) return 3;
    return first >= 0xF0 && first < 0xF5 ? 4 : 0;
}

Decoded decode(std::string_view text) {
    Decoded out;
    const auto first = static_cast<unsigned char>(text[0]);
    const std::size_t size = size_of(first);
    if (size == 0 || size > text.size()) return out;
    out.code = size == 1 ? first : first & (0x7FU >> size);
    for (std::size_t i = 1; i < size; ++i) {
        if (!continues(text[i])) return out;
        out.code = out.code << 6U | (static_cast<unsigned char>(text[i]) & 0x3FU);
    }
    static constexpr std::array<char32_t, 5> kLeast = {0, 0, 0x80, 0x800, 0x10000};
    if (out.code < kLeast[size] || (out.code >= 0xD800 && out.code < 0xE000)) return out;
    out.size = size;
    out.valid = true;
    return out;
}

/// Controls, directions, and what can't be seen.
bool is_harmful(char32_t code) {
    const auto between = [code](char32_t first, char32_t last) {
        return code >= first && code <= last;
    };
    return code < 0x20 || between(0x7F, 0x9F) || between(0x200B, 0x200F) ||
           between(0x2028, 0x202E) || between(0x2060, 0x206F) || code == 0x61C || code == 0xFEFF ||
           between(0xFFF9, 0xFFFB) || between(0xE0000, 0xE007F);
}

void escape_unit(char32_t unit, std::string& out) {
    static constexpr std::string_view kHex = "0123456789abcdef";
    out += "\\u";
    for (unsigned shift = 16; shift > 0;) {
        shift -= 4;
        out += kHex[unit >> shift & 15U];
    }
}

void escape(char32_t code, std::string& out) {
    if (code < 0x10000) return escape_unit(code, out);
    escape_unit(0xD800 + ((code - 0x10000) >> 10U), out);
    escape_unit(0xDC00 + ((code - 0x10000) & 0x3FFU), out);
}

}  // namespace

std::string terminal_text(std::string_view text, bool keep_lines) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const Decoded next = decode(text);
        const bool kept = keep_lines && next.code == '\n';
        if (!next.valid) {
            out += kReplacement;
        } else if (is_harmful(next.code) && !kept) {
            escape(next.code, out);
        } else {
            out += text.substr(0, next.size);
        }
        text.remove_prefix(next.size);
    }
    return out;
}

std::string terminal_excerpt(std::string_view text, std::size_t most) {
    const std::string safe = terminal_text(text.substr(0, 4 * most + 4));
    if (length_of(safe) <= most && text.size() <= 4 * most + 4) return safe;
    std::size_t end = 0;
    for (std::size_t count = 0; end < safe.size(); ++end)
        if (!continues(safe[end]) && ++count == most) break;
    return safe.substr(0, end) + "…";
}

std::size_t length_of(std::string_view text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return !continues(c); }));
}

}  // namespace shadowcat::intercept
