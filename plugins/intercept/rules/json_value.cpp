// SPDX-License-Identifier: Apache-2.0
// Numbers as long doubles, which hold every integer of 64 bits.
#include "rules/json_value.hpp"

#include "shadowcat/sdk/config.hpp"
#include "shadowcat/sdk/json_edit.hpp"

#include "rules/scalar_json.hpp"

#include <charconv>
#include <limits>

namespace shadowcat::intercept {

namespace {

static_assert(std::numeric_limits<long double>::digits >= 64);

bool is_integer(std::string_view token) {
    return token.find_first_of(".eE") == std::string_view::npos;
}

/// Clamped to infinity where it is too large to hold.
long double number_of(std::string_view token) {
    long double number = 0;
    const auto [stop, failed] = std::from_chars(token.data(), token.data() + token.size(), number);
    if (failed != std::errc::result_out_of_range) return number;
    return token.starts_with('-') ? -std::numeric_limits<long double>::infinity()
                                  : std::numeric_limits<long double>::infinity();
}

bool is_container(std::string_view token) {
    return sdk::json::is_object(token) || sdk::json::is_array(token);
}

}  // namespace

std::partial_ordering compare_numbers(std::string_view a, std::string_view b) {
    if (!is_json_number(a) || !is_json_number(b)) return std::partial_ordering::unordered;
    return number_of(a) <=> number_of(b);
}

bool same_json(std::string_view a, std::string_view b) {
    if (a == b) return true;
    if (a.empty() || b.empty()) return false;
    if (is_json_number(a) && is_json_number(b)) {
        const bool beyond_64_bits = is_integer(a) && is_integer(b) && a.size() > 19;
        return !beyond_64_bits && compare_numbers(a, b) == std::partial_ordering::equivalent;
    }
    if (sdk::json::is_string(a) && sdk::json::is_string(b))
        return sdk::json::unquote(a) == sdk::json::unquote(b);
    if (!is_container(a) || !is_container(b)) return false;
    return sdk::Json::parse(a, nullptr, false) == sdk::Json::parse(b, nullptr, false);
}

}  // namespace shadowcat::intercept
