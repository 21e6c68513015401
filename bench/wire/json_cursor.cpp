// SPDX-License-Identifier: Apache-2.0
// Walks over JSON text once: strings by memchr, scalars by their grammar.
#include "json_cursor.hpp"

#include <cstring>

namespace bench {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Drops leading digits; false when there are none.
bool drop_digits(std::string_view& text) {
    std::size_t count = 0;
    while (count < text.size() && is_digit(text[count]))
        ++count;
    text.remove_prefix(count);
    return count > 0;
}

bool is_json_number(std::string_view text) {
    if (text.starts_with('-')) text.remove_prefix(1);
    if (text.size() > 1 && text[0] == '0' && is_digit(text[1])) return false;
    if (!drop_digits(text)) return false;
    if (text.starts_with('.')) {
        text.remove_prefix(1);
        if (!drop_digits(text)) return false;
    }
    if (text.starts_with('e') || text.starts_with('E')) {
        text.remove_prefix(1);
        if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
        if (!drop_digits(text)) return false;
    }
    return text.empty();
}

/// Whether the quote at `at` is escaped: an odd number of backslashes before it.
bool is_escaped(const char* at, const char* begin) {
    const char* before = at;
    while (before != begin && before[-1] == '\\')
        --before;
    return (at - before) % 2 == 1;
}

}  // namespace

bool JsonCursor::string(std::string_view& raw) {
    if (!take('"')) return false;
    const char* const begin = at_;
    while (true) {
        const auto* const quote =
            static_cast<const char*>(std::memchr(at_, '"', static_cast<std::size_t>(end_ - at_)));
        if (quote == nullptr) return false;
        at_ = quote + 1;
        if (is_escaped(quote, begin)) continue;
        raw = {begin, static_cast<std::size_t>(quote - begin)};
        return true;
    }
}

bool JsonCursor::value(std::string_view& raw) {
    peek();
    const char* const begin = at_;
    if (!skip()) return false;
    raw = {begin, static_cast<std::size_t>(at_ - begin)};
    return true;
}

bool JsonCursor::skip() {
    std::string_view ignored;
    switch (peek()) {
        case '"':
            return string(ignored);
        case '{':
            return object([this](std::string_view) { return skip(); });
        case '[':
            return array();
        default:
            return scalar();
    }
}

bool JsonCursor::array() {
    if (!take('[') || ++depth_ > kDeepest) return false;
    if (peek() == ']') return close();
    do {
        if (!skip()) return false;
    } while (take(','));
    return peek() == ']' && close();
}

bool JsonCursor::scalar() {
    const char* const begin = at_;
    while (at_ != end_ && std::strchr(",]} \n\t\r", *at_) == nullptr)
        ++at_;
    const std::string_view text(begin, static_cast<std::size_t>(at_ - begin));
    return text == "true" || text == "false" || text == "null" || is_json_number(text);
}

}  // namespace bench
