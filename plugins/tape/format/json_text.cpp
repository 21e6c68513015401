// SPDX-License-Identifier: Apache-2.0
// Quoting, and members.
#include "format/json_text.hpp"

#include <nlohmann/json.hpp>
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <utility>

namespace shadowcat::tape {

namespace {

// Thirty thousand years.
constexpr double kMostMilliseconds = 1e15;

constexpr std::array<bool, 256> plain_characters() {
    std::array<bool, 256> plain{};
    for (std::size_t code = 0x20; code < 0x7f; ++code)
        plain[code] = code != '"' && code != '\\';
    return plain;
}

void append_in_quotes(std::string& out, std::string_view text) {
    const std::size_t begin = out.size();
    out.resize(begin + text.size() + 2, '"');
    if (!text.empty()) std::memcpy(out.data() + begin + 1, text.data(), text.size());
}

void append_escaped(std::string& out, char c) {
    static constexpr char kDigits[] = "0123456789abcdef";
    const auto code = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
        (out += '\\') += c;
    } else if (c == '\n') {
        out += "\\n";
    } else if (c == '\r') {
        out += "\\r";
    } else if (c == '\t') {
        out += "\\t";
    } else if (code < 0x20) {
        ((out += "\\u00") += kDigits[code >> 4]) += kDigits[code & 15];
    } else {
        out += c;
    }
}

}  // namespace

bool is_plain(std::string_view text) noexcept {
    static constexpr std::array<bool, 256> kPlain = plain_characters();
    return std::ranges::all_of(text, [](char c) { return kPlain[static_cast<unsigned char>(c)]; });
}

char* print_milliseconds(char* to, double value) noexcept {
    const double sane = value > 0 ? std::min(value, kMostMilliseconds) : 0;  // NaN is none
    const auto thousandths = static_cast<std::uint64_t>(sane * 1000 + 0.5);
    to = std::to_chars(to, to + 20, thousandths / 1000).ptr;
    const auto rest = static_cast<unsigned>(thousandths % 1000);
    if (rest == 0) return to;
    const unsigned last = rest % 10;
    const unsigned middle = rest / 10 % 10;
    to[0] = '.';
    to[1] = static_cast<char>('0' + rest / 100);
    to[2] = static_cast<char>('0' + middle);
    to[3] = static_cast<char>('0' + last);
    return to + (last != 0 ? 4 : middle != 0 ? 3 : 2);
}

void append_quoted(std::string& out, std::string_view text) {
    if (is_plain(text)) return append_in_quotes(out, text);
    if (!simdjson::validate_utf8(text.data(), text.size())) {
        using nlohmann::json;
        out += json(text).dump(-1, ' ', false, json::error_handler_t::replace);
        return;
    }
    out += '"';
    for (const char c : text)
        append_escaped(out, c);
    out += '"';
}

/// Grows the string once; quotes are what it grows by.
void ObjectText::member(std::string_view name, std::string_view value, std::size_t quotes) {
    const std::size_t begin = out_.size();
    const std::size_t comma = std::exchange(first_, false) ? 0 : 1;
    out_.resize(begin + comma + name.size() + 3 + quotes + value.size() + quotes, '"');
    char* at = out_.data() + begin;
    at[0] = comma != 0 ? ',' : '"';
    at += comma + 1;
    std::memcpy(at, name.data(), name.size());
    at += name.size();
    at[1] = ':';
    if (!value.empty()) std::memcpy(at + 2 + quotes, value.data(), value.size());
}

ObjectText& ObjectText::text(std::string_view name, std::string_view value) {
    if (is_plain(value)) {
        member(name, value, 1);
    } else {
        member(name, {}, 0);
        append_quoted(out_, value);
    }
    return *this;
}

ObjectText& ObjectText::number(std::string_view name, std::uint64_t value) {
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof(digits), value).ptr;
    return json(name, std::string_view(digits, static_cast<std::size_t>(end - digits)));
}

ObjectText& ObjectText::milliseconds(std::string_view name, double value) {
    char digits[24];
    const char* const end = print_milliseconds(digits, value);
    return json(name, std::string_view(digits, static_cast<std::size_t>(end - digits)));
}

ObjectText& ObjectText::boolean(std::string_view name, bool value) {
    return json(name, value ? "true" : "false");
}

ObjectText& ObjectText::json(std::string_view name, std::string_view value) {
    member(name, value, 0);
    return *this;
}

ObjectText& ObjectText::text_if(std::string_view name, std::string_view value) {
    return value.empty() ? *this : text(name, value);
}

ObjectText& ObjectText::number_if(std::string_view name, std::uint64_t value) {
    return value == 0 ? *this : number(name, value);
}

}  // namespace shadowcat::tape
