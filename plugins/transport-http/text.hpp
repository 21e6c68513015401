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
    return std::ranges::equal(a, b, {}, lower, lower);
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

constexpr std::size_t kLongestEventId = 256;

/// True for what may follow `id:` in an event and come back as `Last-Event-ID`: visible ASCII.
inline bool is_event_id(std::string_view text) noexcept {
    return !text.empty() && text.size() <= kLongestEventId &&
           std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7f; });
}

}  // namespace shadowcat::http
