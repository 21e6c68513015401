// SPDX-License-Identifier: Apache-2.0
// Writes numbers and JSON strings.
#include "line.hpp"

#include <charconv>
#include <cstring>

namespace shadowcat::access_log {

namespace {

constexpr std::string_view kHex = "0123456789abcdef";
constexpr unsigned kReplacement = 0xFFFD;

bool continues(unsigned char byte) { return (byte & 0xC0) == 0x80; }

constexpr bool is_plain(unsigned char byte) {
    return byte >= ' ' && byte < 0x7F && byte != '"' && byte != '\\';
}

constexpr std::array<bool, 256> plain_bytes() {
    std::array<bool, 256> plain{};
    for (unsigned byte = 0; byte < plain.size(); ++byte)
        plain[byte] = is_plain(static_cast<unsigned char>(byte));
    return plain;
}

constexpr std::array<bool, 256> kPlain = plain_bytes();  // one look instead of four comparisons

std::string_view cut(std::string_view text, std::size_t max_bytes) {
    if (text.size() <= max_bytes) return text;
    std::size_t end = max_bytes;
    while (end > 0 && continues(static_cast<unsigned char>(text[end])))
        --end;
    return text.substr(0, end);
}

/// The character at the beginning of a text; `size` 0 when it is none.
class Character {
public:
    Character(unsigned value, std::size_t bytes) : code(value), size(bytes) {}

    unsigned code;
    std::size_t size;
};

/// How many bytes a character has that begins with `byte`; 0 when none does.
std::size_t size_by_first(unsigned char byte) {
    if (byte < 0x80) return 1;
    if (byte >= 0xC2 && byte < 0xE0) return 2;
    if (byte >= 0xE0 && byte < 0xF0) return 3;
    return byte >= 0xF0 && byte < 0xF5 ? 4 : 0;
}

Character decode(std::string_view text) {
    constexpr std::array<unsigned, 5> kLeast = {0, 0, 0x80, 0x800, 0x10000};
    const auto first = static_cast<unsigned char>(text[0]);
    const std::size_t size = size_by_first(first);
    if (size == 0 || size > text.size()) return Character(kReplacement, 0);
    unsigned code = size == 1 ? first : first & (0xFFU >> (size + 1));
    for (std::size_t i = 1; i < size; ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if (!continues(byte)) return Character(kReplacement, 0);
        code = code << 6 | (byte & 0x3FU);
    }
    const bool surrogate = code >= 0xD800 && code < 0xE000;
    if (code < kLeast[size] || code > 0x10FFFF || surrogate) return Character(kReplacement, 0);
    return Character(code, size);
}

}  // namespace

void Line::raw(std::string_view text) noexcept {
    if (text.size() > kCapacity - size_) return;
    std::memcpy(bytes_.data() + size_, text.data(), text.size());
    size_ += text.size();
}

void Line::number(std::int64_t value) noexcept {
    std::array<char, 24> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    raw({digits.data(), static_cast<std::size_t>(end - digits.data())});
}

void Line::padded(unsigned value, unsigned width) noexcept {
    std::array<char, 10> digits;
    for (unsigned i = width; i > 0; --i, value /= 10)
        digits[i - 1] = static_cast<char>('0' + value % 10);
    raw({digits.data(), width});
}

void Line::quoted(std::string_view text, std::size_t max_bytes) noexcept {
    const std::string_view shown = cut(text, max_bytes);
    raw("\"");
    escaped(shown);
    raw(shown.size() < text.size() ? "…\"" : "\"");
}

void Line::escaped(std::string_view text) noexcept {
    while (!text.empty()) {
        std::size_t plain = 0;
        while (plain < text.size() && kPlain[static_cast<unsigned char>(text[plain])])
            ++plain;
        raw(text.substr(0, plain));
        text.remove_prefix(plain);
        if (text.empty()) return;
        const Character next = decode(text);
        if (next.code >= 0xA0 && next.size > 0) {
            raw(text.substr(0, next.size));
        } else {
            escape(next.code);
        }
        text.remove_prefix(next.size > 0 ? next.size : 1);
    }
}

void Line::escape(unsigned code) noexcept {
    if (code == '"') return raw("\\\"");
    if (code == '\\') return raw("\\\\");
    const std::array<char, 6> text = {
        '\\',           'u', kHex[code >> 12 & 15], kHex[code >> 8 & 15], kHex[code >> 4 & 15],
        kHex[code & 15]};
    raw({text.data(), text.size()});
}

}  // namespace shadowcat::access_log
