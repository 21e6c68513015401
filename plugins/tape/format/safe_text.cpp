// SPDX-License-Identifier: Apache-2.0
// Decodes UTF-8 and escapes what a terminal must not see.
#include "format/safe_text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>

namespace shadowcat::tape {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

class Utf8Character {
public:
    std::uint32_t code = 0;
    std::size_t size = 1;
    bool valid = false;
};

std::size_t sequence_size(unsigned char lead) {
    if (lead < 0x80) return 1;
    if (lead >= 0xC2 && lead < 0xE0) return 2;
    if (lead >= 0xE0 && lead < 0xF0) return 3;
    return lead >= 0xF0 && lead < 0xF5 ? 4 : 0;
}

bool is_overlong_or_surrogate(std::uint32_t code, std::size_t size) {
    constexpr std::array<std::uint32_t, 5> least = {0, 0, 0x80, 0x800, 0x10000};
    return code < least[size] || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000);
}

Utf8Character character_at(std::string_view text) {
    Utf8Character out;
    const auto lead = static_cast<unsigned char>(text[0]);
    const std::size_t size = sequence_size(lead);
    if (size == 0 || size > text.size()) return out;
    out.code = size == 1 ? lead : lead & (0x7Fu >> size);
    for (std::size_t i = 1; i < size; ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if ((byte & 0xC0) != 0x80) return out;
        out.code = (out.code << 6) | (byte & 0x3Fu);
    }
    if (is_overlong_or_surrogate(out.code, size)) return out;
    out.size = size;
    out.valid = true;
    return out;
}

class CodeRange {
public:
    std::uint32_t first, last;
};

// Controls, what has no width, and what turns the direction of writing.
constexpr std::array<CodeRange, 13> kHidden = {{{0x00, 0x1F},
                                                {0x7F, 0x9F},
                                                {0xAD, 0xAD},
                                                {0x61C, 0x61C},
                                                {0x180E, 0x180E},
                                                {0x200B, 0x200F},
                                                {0x2028, 0x202E},
                                                {0x2060, 0x206F},
                                                {0xFE00, 0xFE0E},
                                                {0xFEFF, 0xFEFF},
                                                {0xFFF9, 0xFFFB},
                                                {0xE0000, 0xE0FFF},
                                                {0xF0000, 0x10FFFF}}};

bool is_hidden(std::uint32_t code) {
    return std::ranges::any_of(
        kHidden, [&](const CodeRange& range) { return code >= range.first && code <= range.last; });
}

std::string escaped_character(std::uint32_t code) {
    if (code == '\n') return "\\n";
    if (code == '\r') return "\\r";
    if (code == '\t') return "\\t";
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "\\u%04x", static_cast<unsigned>(code));
    return text.data();
}

std::string shown_character(const Utf8Character& character, std::string_view bytes) {
    if (!character.valid) return std::string(kReplacement);
    if (is_hidden(character.code)) return escaped_character(character.code);
    return std::string(bytes.substr(0, character.size));
}

bool is_safe_byte(char c) { return c >= 0x20 && c < 0x7F; }

std::string utf16_escape(std::uint32_t unit) {
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "\\u%04x", static_cast<unsigned>(unit));
    return text.data();
}

std::string json_escape(std::uint32_t code) {
    if (code < 0x10000) return utf16_escape(code);
    code -= 0x10000;
    return utf16_escape(0xD800 + (code >> 10)) + utf16_escape(0xDC00 + (code & 0x3FF));
}

bool is_json_white_space(std::uint32_t code) {
    return code == '\n' || code == '\t' || code == '\r' || code == ' ';
}

}  // namespace

std::string safe_text(std::string_view text, std::size_t max_bytes) {
    std::string out;
    while (!text.empty()) {
        if (is_safe_byte(text[0]) && out.size() < max_bytes) {
            out += text[0];
            text.remove_prefix(1);
            continue;
        }
        const Utf8Character character = character_at(text);
        const std::string shown = shown_character(character, text);
        if (max_bytes != std::string_view::npos && out.size() + shown.size() > max_bytes)
            return out + "…";
        out += shown;
        text.remove_prefix(character.size);
    }
    return out;
}

std::string safe_json(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        if (is_safe_byte(text[0])) {
            out += text[0];
            text.remove_prefix(1);
            continue;
        }
        const Utf8Character character = character_at(text);
        const bool escape =
            character.valid && is_hidden(character.code) && !is_json_white_space(character.code);
        out += escape            ? json_escape(character.code)
               : character.valid ? std::string(text.substr(0, character.size))
                                 : std::string(kReplacement);
        text.remove_prefix(character.size);
    }
    return out;
}

std::string safe_lines(std::string_view text) {
    std::string out;
    for (std::size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
        out += safe_text(text.substr(0, end)) + '\n';
        text.remove_prefix(end + 1);
    }
    return out + safe_text(text);
}

}  // namespace shadowcat::tape
