// SPDX-License-Identifier: Apache-2.0
// Which characters are harmless, and how wide they are.
#include "safe_text.hpp"

#include "utf8.hpp"

#include <algorithm>
#include <array>

namespace shadowcat::watch {

namespace {

class Range {
public:
    constexpr Range(char32_t from, char32_t to) : first(from), last(to) {}
    constexpr bool holds(char32_t code) const { return code >= first && code <= last; }

    char32_t first;
    char32_t last;
};

/// Controls, and what Unicode calls format characters: directions, joiners, tags.
constexpr std::array kHarmful = {
    Range(0x00, 0x1F),     Range(0x7F, 0x9F),     Range(0xAD, 0xAD),      Range(0x61C, 0x61C),
    Range(0x180E, 0x180E), Range(0x200B, 0x200F), Range(0x2028, 0x202E),  Range(0x2060, 0x206F),
    Range(0xFEFF, 0xFEFF), Range(0xFFF9, 0xFFFB), Range(0xE0000, 0xE007F)};

constexpr std::array kWide = {
    Range(0x1100, 0x115F),   Range(0x2E80, 0xA4CF),   Range(0xAC00, 0xD7A3),
    Range(0xF900, 0xFAFF),   Range(0xFE30, 0xFE6F),   Range(0xFF00, 0xFF60),
    Range(0xFFE0, 0xFFE6),   Range(0x1F300, 0x1F64F), Range(0x1F680, 0x1F6FF),
    Range(0x1F900, 0x1FAFF), Range(0x20000, 0x3FFFD)};

constexpr std::array kCombining = {Range(0x300, 0x36F),   Range(0x1AB0, 0x1AFF),
                                   Range(0x1DC0, 0x1DFF), Range(0x20D0, 0x20FF),
                                   Range(0xFE00, 0xFE0F), Range(0xFE20, 0xFE2F)};

template <class Ranges>
bool within_any(const Ranges& ranges, char32_t code) {
    return std::ranges::any_of(ranges, [&](const Range& range) { return range.holds(code); });
}

bool plain_ascii(char32_t code) { return code >= 0x20 && code < 0x7F; }

std::string escape_of(char32_t code) {
    static constexpr std::string_view kHex = "0123456789abcdef";
    if (code == '\n') return "\\n";
    if (code == '\t') return "\\t";
    if (code == '\r') return "\\r";
    std::string out = code > 0xFFFF ? "\\U00" : "\\u";
    for (int shift = code > 0xFFFF ? 20 : 12; shift >= 0; shift -= 4)
        out += kHex[code >> static_cast<unsigned>(shift) & 15U];
    return out;
}

std::size_t width_of(char32_t code) {
    if (plain_ascii(code)) return 1;
    if (within_any(kCombining, code)) return 0;
    return within_any(kWide, code) ? 2 : 1;
}

}  // namespace

std::string safe(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const Character next = first_character(text);
        if (!next.valid) {
            out += "\uFFFD";
        } else if (plain_ascii(next.code) || !within_any(kHarmful, next.code)) {
            out += text.substr(0, next.size);
        } else {
            out += escape_of(next.code);
        }
        text.remove_prefix(next.size);
    }
    return out;
}

std::size_t columns_of(std::string_view text) {
    std::size_t columns = 0;
    while (!text.empty()) {
        const Character next = first_character(text);
        columns += width_of(next.code);
        text.remove_prefix(next.size);
    }
    return columns;
}

std::string_view fitting(std::string_view text, std::size_t columns) {
    std::size_t end = 0;
    while (end < text.size()) {
        const Character next = first_character(text.substr(end));
        const std::size_t width = width_of(next.code);
        if (width > columns) break;
        columns -= width;
        end += next.size;
    }
    return text.substr(0, end);
}

}  // namespace shadowcat::watch
