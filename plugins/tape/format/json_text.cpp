// SPDX-License-Identifier: Apache-2.0
// Quoting, and members.
#include "format/json_text.hpp"

#include <nlohmann/json.hpp>
#include <simdjson.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace shadowcat::tape {

namespace {

bool is_plain(std::string_view text) {
    return std::ranges::all_of(text, [](char c) {
        return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\';
    });
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

void append_quoted(std::string& out, std::string_view text) {
    if (!simdjson::validate_utf8(text.data(), text.size())) {
        using nlohmann::json;
        out += json(text).dump(-1, ' ', false, json::error_handler_t::replace);
        return;
    }
    out += '"';
    if (is_plain(text)) {
        out += text;
    } else {
        for (const char c : text)
            append_escaped(out, c);
    }
    out += '"';
}

void ObjectText::key(std::string_view name) {
    if (!std::exchange(first_, false)) out_ += ',';
    ((out_ += '"') += name) += "\":";
}

ObjectText& ObjectText::text(std::string_view name, std::string_view value) {
    key(name);
    append_quoted(out_, value);
    return *this;
}

ObjectText& ObjectText::number(std::string_view name, std::uint64_t value) {
    return json(name, std::to_string(value));
}

ObjectText& ObjectText::milliseconds(std::string_view name, double value) {
    char digits[32];
    const double sane = std::isfinite(value) ? std::clamp(value, 0.0, 1e15) : 0;
    const double rounded = std::round(sane * 1000) / 1000;
    const auto end =
        std::to_chars(digits, digits + sizeof(digits), rounded, std::chars_format::fixed).ptr;
    return json(name, std::string_view(digits, static_cast<std::size_t>(end - digits)));
}

ObjectText& ObjectText::boolean(std::string_view name, bool value) {
    return json(name, value ? "true" : "false");
}

ObjectText& ObjectText::json(std::string_view name, std::string_view value) {
    key(name);
    out_ += value;
    return *this;
}

ObjectText& ObjectText::text_if(std::string_view name, std::string_view value) {
    return value.empty() ? *this : text(name, value);
}

ObjectText& ObjectText::number_if(std::string_view name, std::uint64_t value) {
    return value == 0 ? *this : number(name, value);
}

}  // namespace shadowcat::tape
