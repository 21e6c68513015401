// SPDX-License-Identifier: Apache-2.0
// Steps over strings and looks at what begins like a number.
#include "format/big_numbers.hpp"

#include <algorithm>
#include <cstddef>

namespace shadowcat::tape {

namespace {

bool is_number_char(char c) { return (c >= '0' && c <= '9') || c == '-'; }

std::size_t digits_at(std::string_view text, std::size_t at) {
    const std::size_t end = text.find_first_not_of("0123456789", at);
    return (end == std::string_view::npos ? text.size() : end) - at;
}

/// Whether `text` is a number as RFC 8259 writes it, of any size.
bool is_number_token(std::string_view text) {
    std::size_t at = text.starts_with('-') ? 1 : 0;
    const std::size_t whole = digits_at(text, at);
    if (whole == 0 || (whole > 1 && text[at] == '0')) return false;
    at += whole;
    if (at < text.size() && text[at] == '.') {
        const std::size_t fraction = digits_at(text, at + 1);
        if (fraction == 0) return false;
        at += 1 + fraction;
    }
    if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
        at += at + 1 < text.size() && (text[at + 1] == '+' || text[at + 1] == '-') ? 2 : 1;
        const std::size_t exponent = digits_at(text, at);
        if (exponent == 0) return false;
        at += exponent;
    }
    return at == text.size();
}

std::size_t string_end(std::string_view text, std::size_t at) {
    for (++at; at < text.size() && text[at] != '"'; ++at)
        if (text[at] == '\\') ++at;
    return at + 1;
}

}  // namespace

std::string with_small_numbers(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        std::size_t end = at + 1;
        if (text[at] == '"') end = std::min(string_end(text, at), text.size());
        const bool number = is_number_char(text[at]);
        if (number) end = std::min(text.find_first_not_of("0123456789+-.eE", at), text.size());
        const std::string_view token = text.substr(at, end - at);
        out += number && is_number_token(token) ? std::string_view("0") : token;
        at = end;
    }
    return out;
}

}  // namespace shadowcat::tape
