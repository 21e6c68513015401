// SPDX-License-Identifier: Apache-2.0
// canonical_integer: one spelling for each integer, whatever its size.
#pragma once

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace shadowcat::sdk::inline v1 {

/// Takes the digits at the front of `text`.
inline std::string_view take_digits(std::string_view& text) {
    const std::size_t count = std::min(text.find_first_not_of("0123456789"), text.size());
    const std::string_view digits = text.substr(0, count);
    text.remove_prefix(count);
    return digits;
}

/// The integer that `text` stands for, without exponent, fraction or leading zeros: `42.0`, `4.2e1`
/// and `042` are all `42`. None for what is no number, has a fraction, or ends in very many zeros.
/// Exact: no digit passes through a double.
inline std::optional<std::string> canonical_integer(std::string_view text) {
    constexpr std::int64_t kMostZeros = 64;
    const bool negative = text.starts_with('-');
    if (negative) text.remove_prefix(1);
    std::string digits(take_digits(text));
    if (digits.empty()) return std::nullopt;
    std::int64_t exponent = 0;
    if (text.starts_with('.')) {
        text.remove_prefix(1);
        const std::string_view fraction = take_digits(text);
        digits.append(fraction);
        exponent -= static_cast<std::int64_t>(fraction.size());
    }
    if (text.starts_with('e') || text.starts_with('E')) {
        text.remove_prefix(text.substr(1).starts_with('+') ? 2 : 1);
        std::int32_t given = 0;
        const auto [stop, failed] = std::from_chars(text.data(), text.data() + text.size(), given);
        if (failed != std::errc()) return std::nullopt;
        text.remove_prefix(static_cast<std::size_t>(stop - text.data()));
        exponent += given;
    }
    if (!text.empty()) return std::nullopt;
    digits.erase(0, digits.find_first_not_of('0'));
    if (digits.empty()) return "0";
    const std::size_t significant = digits.find_last_not_of('0') + 1;
    exponent += static_cast<std::int64_t>(digits.size() - significant);
    if (exponent < 0 || exponent > kMostZeros) return std::nullopt;
    digits.resize(significant);
    digits.append(static_cast<std::size_t>(exponent), '0');
    return negative ? "-" + digits : digits;
}

}  // namespace shadowcat::sdk::inline v1
