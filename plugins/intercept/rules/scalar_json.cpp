// SPDX-License-Identifier: Apache-2.0
// Types plain scalars; numbers stay text.
#include "rules/scalar_json.hpp"

#include "shadowcat/sdk/json_rpc.hpp"

#include <charconv>
#include <initializer_list>
#include <optional>
#include <string_view>

namespace shadowcat::intercept {

namespace {

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> choices) {
    for (const std::string_view choice : choices)
        if (text == choice) return true;
    return false;
}

std::size_t digits_at(std::string_view text, std::size_t at) {
    const std::size_t end = text.find_first_not_of("0123456789", at);
    return (end == std::string_view::npos ? text.size() : end) - at;
}

/// `0x1F` and `0o17`, which JSON has no way to write.
std::optional<std::string> based_number(std::string_view text) {
    if (!text.starts_with("0x") && !text.starts_with("0o")) return std::nullopt;
    std::uint64_t number = 0;
    const int base = text[1] == 'x' ? 16 : 8;
    const char* end = text.data() + text.size();
    const auto [stop, failed] = std::from_chars(text.data() + 2, end, number, base);
    if (text.size() == 2 || stop != end || failed != std::errc()) return std::nullopt;
    return std::to_string(number);
}

std::string plain_json(const std::string& text) {
    if (is_one_of(text, {"", "~", "null", "Null", "NULL"})) return "null";
    if (is_one_of(text, {"true", "True", "TRUE"})) return "true";
    if (is_one_of(text, {"false", "False", "FALSE"})) return "false";
    if (is_json_number(text)) return text;
    if (text.starts_with('+') && is_json_number(text.substr(1)) && text[1] != '-')
        return text.substr(1);
    if (is_json_number("0" + text) && text.starts_with('.')) return "0" + text;
    const auto based = based_number(text);
    return based ? *based : sdk::quote_json(text);
}

}  // namespace

bool is_json_number(std::string_view text) {
    std::size_t at = text.starts_with('-') ? 1 : 0;
    const std::size_t whole = digits_at(text, at);
    if (whole == 0 || (whole > 1 && text[at] == '0')) return false;
    at += whole;
    if (at < text.size() && text[at] == '.') {
        const std::size_t part = digits_at(text, at + 1);
        if (part == 0) return false;
        at += 1 + part;
    }
    if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
        ++at;
        if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
        const std::size_t exponent = digits_at(text, at);
        if (exponent == 0) return false;
        at += exponent;
    }
    return at == text.size();
}

std::string json_of(const YamlNode& node) {
    if (node.is_scalar()) return node.quoted ? sdk::quote_json(node.text) : plain_json(node.text);
    if (node.is_sequence()) {
        std::string list = "[";
        for (const YamlNode& item : node.items)
            list.append(list.size() > 1 ? "," : "").append(json_of(item));
        return list + "]";
    }
    if (!node.is_mapping()) return "null";
    std::string object = "{";
    for (const YamlMember& member : node.members) {
        object.append(object.size() > 1 ? "," : "");
        object.append(sdk::quote_json(member.key)).append(":").append(json_of(member.value));
    }
    return object + "}";
}

}  // namespace shadowcat::intercept
