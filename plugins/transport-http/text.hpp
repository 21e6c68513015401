// SPDX-License-Identifier: Apache-2.0
// Small ASCII helpers for header values.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace shadowcat::http {

inline char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

inline std::string to_lower(std::string_view text) {
    std::string out(text);
    std::ranges::transform(out, out.begin(), lower);
    return out;
}

inline bool equals_ignoring_case(std::string_view a, std::string_view b) noexcept {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (a[i] != b[i] && lower(a[i]) != lower(b[i])) return false;
    }
    return true;
}

/// `text` without spaces and tabs at its ends.
inline std::string_view trim(std::string_view text) noexcept {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// What stands before and after the first `separator`; the second is empty without one.
inline std::pair<std::string_view, std::string_view> cut(std::string_view text, char separator) {
    const auto at = text.find(separator);
    if (at == std::string_view::npos) return {text, {}};
    return {text.substr(0, at), text.substr(at + 1)};
}

/// True when all of `text` is visible ASCII.
inline bool is_visible(std::string_view text) noexcept {
    bool other = false;  // no way out of the loop: it is shorter so
    for (const char c : text)
        other |= static_cast<unsigned char>(c - 0x21) >= 0x7f - 0x21;
    return !other;
}

constexpr std::size_t kLongestEventId = 256;

/// True for what may follow `id:` in an event and come back as `Last-Event-ID`: visible ASCII.
inline bool is_event_id(std::string_view text) noexcept {
    return !text.empty() && text.size() <= kLongestEventId && is_visible(text);
}

}  // namespace shadowcat::http
