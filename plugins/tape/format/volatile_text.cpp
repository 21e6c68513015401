// SPDX-License-Identifier: Apache-2.0
// Recognises times and UUIDs.
#include "format/volatile_text.hpp"

#include <algorithm>
#include <array>

namespace shadowcat::tape {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

/// `d` in the shape is a digit, `x` a hexadecimal one, `T` is T or a space; the rest is itself.
bool has_shape(std::string_view text, std::string_view shape) {
    if (text.size() < shape.size()) return false;
    return std::ranges::equal(text.substr(0, shape.size()), shape, [](char c, char wanted) {
        if (wanted == 'd') return is_digit(c);
        if (wanted == 'x') return is_hex(c);
        return c == wanted || (wanted == 'T' && c == ' ');
    });
}

std::size_t fraction_size(std::string_view text) {
    if (text.size() < 2 || text[0] != '.' || !is_digit(text[1])) return 0;
    const auto end = std::find_if_not(text.begin() + 1, text.end(), is_digit);
    return static_cast<std::size_t>(end - text.begin());
}

std::size_t zone_size(std::string_view text) {
    if (text.starts_with('Z')) return 1;
    const bool offset = has_shape(text, "+dd:dd") || has_shape(text, "-dd:dd");
    return offset ? 6 : 0;
}

std::size_t time_size(std::string_view text) {
    constexpr std::string_view shape = "dddd-dd-ddTdd:dd:dd";
    if (!has_shape(text, shape)) return 0;
    std::size_t size = shape.size();
    size += fraction_size(text.substr(size));
    return size + zone_size(text.substr(size));
}

std::size_t uuid_size(std::string_view text) {
    constexpr std::string_view shape = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    return has_shape(text, shape) ? shape.size() : 0;
}

/// Skips what both begin with if it is of the same sort. False when there is nothing to skip.
bool skip_volatile(std::string_view& a, std::string_view& b) {
    for (const auto size_of : {&time_size, &uuid_size}) {
        const std::size_t size_a = size_of(a);
        const std::size_t size_b = size_a == 0 ? 0 : size_of(b);
        if (size_b == 0) continue;
        a.remove_prefix(size_a);
        b.remove_prefix(size_b);
        return true;
    }
    return false;
}

bool is_named_like_a_time(std::string_view key) {
    constexpr std::array<std::string_view, 8> endings = {"timestamp", "Timestamp", "time", "Time",
                                                         "_at",       "At",        "ts",   "date"};
    return std::ranges::any_of(endings,
                               [&](std::string_view ending) { return key.ends_with(ending); });
}

bool is_unix_time(const sdk::Json& value) {
    if (!value.is_number()) return false;
    const double number = value.get<double>();
    return (number >= 1e9 && number < 4.2e9) || (number >= 1e12 && number < 4.2e12);
}

}  // namespace

bool same_but_for_times(std::string_view a, std::string_view b) {
    while (!a.empty() && !b.empty()) {
        if (skip_volatile(a, b)) continue;
        if (a.front() != b.front()) return false;
        a.remove_prefix(1);
        b.remove_prefix(1);
    }
    return a.empty() && b.empty();
}

std::string blank_times(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const std::size_t size = std::max(time_size(text), uuid_size(text));
        out += size == 0 ? text.front() : '\1';
        text.remove_prefix(std::max<std::size_t>(size, 1));
    }
    return out;
}

bool both_unix_times(std::string_view key, const sdk::Json& a, const sdk::Json& b) {
    return is_named_like_a_time(key) && is_unix_time(a) && is_unix_time(b);
}

}  // namespace shadowcat::tape
