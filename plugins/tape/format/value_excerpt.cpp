// SPDX-License-Identifier: Apache-2.0
// Cuts JSON text so that reports stay short.
#include "format/value_excerpt.hpp"

#include "format/safe_text.hpp"

#include <algorithm>

namespace shadowcat::tape {

namespace {

constexpr std::size_t kMaxExcerpt = 200;
constexpr std::size_t kBeforeDifference = 40;

std::string json_text(const sdk::Json& value) {
    return value.dump(-1, ' ', false, sdk::Json::error_handler_t::replace);
}

bool continues_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

std::size_t first_difference(const std::string& a, const std::string& b) {
    return static_cast<std::size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
}

/// `text` from a little before `at`, as a JSON string.
std::string string_around(const std::string& text, std::size_t at) {
    if (text.size() <= kMaxExcerpt) return json_text(text);
    std::size_t begin = at > kBeforeDifference ? at - kBeforeDifference : 0;
    while (begin > 0 && continues_character(text[begin]))
        --begin;
    std::size_t end = std::min(begin + kMaxExcerpt, text.size());
    while (end > begin && end < text.size() && continues_character(text[end]))
        --end;
    return (begin > 0 ? "…" : "") + json_text(text.substr(begin, end - begin)) +
           (end < text.size() ? "…" : "");
}

std::string with_type(const sdk::Json& value) {
    return value.is_null() ? "null" : std::string(value.type_name()) + " " + excerpt_of(value);
}

}  // namespace

std::string excerpt_of(const sdk::Json& value) {
    if (value.is_string()) return string_around(value.get_ref<const std::string&>(), 0);
    const std::string text = json_text(value);
    std::size_t end = std::min(text.size(), kMaxExcerpt);
    while (end > 0 && end < text.size() && continues_character(text[end]))
        --end;
    return end < text.size() ? text.substr(0, end) + "…" : text;
}

std::pair<std::string, std::string> excerpts_of(const sdk::Json& a, const sdk::Json& b) {
    if (a.type() != b.type() && !(a.is_number() && b.is_number()))
        return {with_type(a), with_type(b)};
    if (!a.is_string()) return {excerpt_of(a), excerpt_of(b)};
    const auto& left = a.get_ref<const std::string&>();
    const auto& right = b.get_ref<const std::string&>();
    const std::size_t at = first_difference(left, right);
    return {string_around(left, at), string_around(right, at)};
}

}  // namespace shadowcat::tape
