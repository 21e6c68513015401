// SPDX-License-Identifier: Apache-2.0
// Sorting members, unescaping strings, reading numbers as digits and an exponent.
#include "replay/canonical_json.hpp"

#include "shadowcat/sdk/json_edit.hpp"
#include "shadowcat/sdk/json_rpc.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>
#include <vector>

namespace shadowcat::tape {

namespace json = sdk::json;

namespace {

std::string_view take_number_digits(std::string_view& text) {
    const std::size_t count = std::min(text.find_first_not_of("0123456789"), text.size());
    const std::string_view digits = text.substr(0, count);
    text.remove_prefix(count);
    return digits;
}

/// What stands behind an `e`; false when no machine type holds it.
bool read_exponent(std::string_view text, std::int64_t& exponent) {
    if (text.empty()) return true;
    text.remove_prefix(text.substr(1).starts_with('+') ? 2 : 1);
    std::int32_t given = 0;
    const auto [stop, failed] = std::from_chars(text.data(), text.data() + text.size(), given);
    exponent += given;
    return failed == std::errc() && stop == text.data() + text.size();
}

std::string canonical_object(std::string_view text) {
    std::vector<std::pair<std::string, std::string>> members;
    json::for_each_member(text, [&](std::string_view key, std::string_view value) {
        members.emplace_back(key, canonical_json(value));
    });
    std::ranges::sort(members);
    std::string out = "{";
    for (const auto& [key, value] : members) {
        if (out.size() > 1) out += ',';
        out.append(sdk::quote_json(key)).append(":").append(value);
    }
    return out + "}";
}

std::string canonical_array(std::string_view text) {
    std::string out = "[";
    json::for_each_element(text, [&](std::string_view element) {
        if (out.size() > 1) out += ',';
        out += canonical_json(element);
    });
    return out + "]";
}

}  // namespace

std::string canonical_number(std::string_view lexeme) {
    std::string_view rest = lexeme;
    const bool negative = rest.starts_with('-');
    if (negative) rest.remove_prefix(1);
    std::string digits(take_number_digits(rest));
    std::int64_t exponent = 0;
    if (rest.starts_with('.')) {
        rest.remove_prefix(1);
        const std::string_view fraction = take_number_digits(rest);
        digits.append(fraction);
        exponent -= static_cast<std::int64_t>(fraction.size());
    }
    if (!read_exponent(rest, exponent)) return std::string(lexeme);
    digits.erase(0, digits.find_first_not_of('0'));
    if (digits.empty()) return "0";
    const std::size_t significant = digits.find_last_not_of('0') + 1;
    exponent += static_cast<std::int64_t>(digits.size() - significant);
    digits.resize(significant);
    if (exponent != 0) digits += "e" + std::to_string(exponent);
    return negative ? "-" + digits : digits;
}

std::string canonical_json(std::string_view text) {
    if (text.empty()) return {};
    if (json::is_object(text)) return canonical_object(text);
    if (json::is_array(text)) return canonical_array(text);
    if (json::is_string(text)) return sdk::quote_json(json::unquote(text));
    const bool number = text.front() == '-' || (text.front() >= '0' && text.front() <= '9');
    return number ? canonical_number(text) : std::string(text);
}

}  // namespace shadowcat::tape
