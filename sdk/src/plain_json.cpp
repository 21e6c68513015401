// SPDX-License-Identifier: Apache-2.0
// The grammar of JSON over simdjson's structural index.
#include "plain_json.hpp"

#include "json_number.hpp"

#include <cstring>

namespace shadowcat::sdk::inline v1 {

bool PlainJson::has_plain_escapes(std::string_view text) noexcept {
    for (std::size_t at = text.find('\\'); at != text.npos; at = text.find('\\', at + 2)) {
        const char escaped = at + 1 < text.size() ? text[at + 1] : '\0';
        if (escaped == '\0' || !std::strchr("\"\\/bfnrt", escaped)) return false;
    }
    return true;
}

bool PlainJson::is_valid_object() noexcept {
    if (at_ == end_ || text_[*at_] != '{') return false;
    for (; at_ != end_; ++at_) {
        if (!step(text_[*at_])) return false;
    }
    return expected_ == Expected::end;
}

bool PlainJson::step(char c) noexcept {
    switch (expected_) {
        case Expected::first_key:
            return c == '}' ? close() : take_key(c);
        case Expected::key:
            return take_key(c);
        case Expected::first_value:
            return c == ']' ? close() : take_value(c);
        case Expected::value:
            return take_value(c);
        case Expected::separator:
            return take_separator(c);
        default:
            return false;  // something behind the end
    }
}

/// The key and its colon.
bool PlainJson::take_key(char c) noexcept {
    if (c != '"' || at_ + 1 == end_ || text_[at_[1]] != ':') return false;
    ++at_;
    expected_ = Expected::value;
    return true;
}

bool PlainJson::take_value(char c) noexcept {
    expected_ = Expected::separator;
    switch (c) {
        case '"':
            return true;
        case '{':
            return open(false);
        case '[':
            return open(true);
        case 't':
            return scalar() == "true";
        case 'f':
            return scalar() == "false";
        case 'n':
            return scalar() == "null";
        default:
            return is_json_number(scalar());
    }
}

bool PlainJson::take_separator(char c) noexcept {
    if (c != ',') return c == (in_array() ? ']' : '}') && close();
    expected_ = in_array() ? Expected::value : Expected::key;
    return true;
}

bool PlainJson::open(bool array) noexcept {
    if (++depth_ >= max_depth_ || depth_ > kDeepest) return false;
    arrays_ = arrays_ << 1 | (array ? 1 : 0);
    expected_ = array ? Expected::first_value : Expected::first_key;
    return true;
}

bool PlainJson::close() noexcept {
    arrays_ >>= 1;
    expected_ = --depth_ == 0 ? Expected::end : Expected::separator;
    return true;
}

/// What stands at the cursor, up to the next structural character.
std::string_view PlainJson::scalar() const noexcept {
    const std::size_t begin = *at_;
    std::size_t end = at_ + 1 == end_ ? text_.size() : at_[1];
    while (end > begin && (text_[end - 1] == ' ' || text_[end - 1] == '\n' ||
                           text_[end - 1] == '\r' || text_[end - 1] == '\t')) {
        --end;
    }
    return text_.substr(begin, end - begin);
}

}  // namespace shadowcat::sdk::inline v1
