// SPDX-License-Identifier: Apache-2.0
// Types plain scalars by YAML 1.2's core schema (chapter 10.3.2 of its specification).
#include "core/config/yaml_scalar.hpp"

#include <charconv>
#include <cmath>
#include <optional>
#include <string_view>

namespace shadowcat::core {

namespace {

using shadowcat::sdk::Json;

bool one_of(std::string_view text, std::initializer_list<std::string_view> choices) {
    for (const std::string_view choice : choices) {
        if (text == choice) return true;
    }
    return false;
}

std::string_view without_plus(std::string_view text) {
    return text.starts_with('+') && text.size() > 1 ? text.substr(1) : text;
}

std::optional<Json> whole_number(std::string_view text, int base) {
    std::int64_t number = 0;
    const char* end = text.data() + text.size();
    const auto [stop, failed] = std::from_chars(text.data(), end, number, base);
    if (text.empty() || stop != end || failed != std::errc()) return std::nullopt;
    return Json(number);
}

bool only(std::string_view text, std::string_view allowed) {
    return text.find_first_not_of(allowed) == std::string_view::npos;
}

std::optional<Json> real_number(std::string_view text) {
    const std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
    if (!only(digits, "0123456789.eE+-")) return std::nullopt;
    if (digits.find_first_of("0123456789") > 1) return std::nullopt;
    double number = 0;
    const char* end = text.data() + text.size();
    const auto [stop, failed] = std::from_chars(text.data(), end, number);
    if (stop != end || failed != std::errc() || !std::isfinite(number)) return std::nullopt;
    return Json(number);
}

}  // namespace

Json resolve_plain_scalar(const std::string& text) {
    if (one_of(text, {"", "~", "null", "Null", "NULL"})) return nullptr;
    if (one_of(text, {"true", "True", "TRUE"})) return true;
    if (one_of(text, {"false", "False", "FALSE"})) return false;
    std::optional<Json> number;
    if (text.starts_with("0o")) {
        number = whole_number(std::string_view(text).substr(2), 8);
    } else if (text.starts_with("0x")) {
        number = whole_number(std::string_view(text).substr(2), 16);
    } else if (number = whole_number(without_plus(text), 10); !number) {
        number = real_number(without_plus(text));
    }
    return number ? *number : Json(text);
}

}  // namespace shadowcat::core
