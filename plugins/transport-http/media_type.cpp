// SPDX-License-Identifier: Apache-2.0
// Media types and their weights.
#include "media_type.hpp"

#include "text.hpp"

namespace shadowcat::http {

namespace {

std::string_view unquote(std::string_view value) {
    if (value.size() < 2 || value.front() != '"' || value.back() != '"') return value;
    return value.substr(1, value.size() - 2);
}

/// The value of parameter `name` in `a=1; b=2`, empty when absent.
std::string_view parameter(std::string_view parameters, std::string_view name) {
    while (!parameters.empty()) {
        const auto [first, rest] = cut(parameters, ';');
        const auto [key, value] = cut(first, '=');
        if (equals_ignoring_case(trim(key), name)) return unquote(trim(value));
        parameters = rest;
    }
    return {};
}

/// How exactly `range` names `type`: 3 itself, 2 `text/*`, 1 `*/*`, 0 not at all.
int specificity(std::string_view range, std::string_view type) {
    if (equals_ignoring_case(range, type)) return 3;
    if (range == "*/*") return 1;
    const bool wild = range.size() > 2 && range.ends_with("/*");
    const auto prefix = range.substr(0, range.size() - 1);
    return wild && equals_ignoring_case(prefix, type.substr(0, prefix.size())) ? 2 : 0;
}

bool is_zero(std::string_view weight) {
    return weight.starts_with('0') && weight.find_first_not_of("0.") == std::string_view::npos;
}

}  // namespace

bool is_json_content(std::string_view content_type) {
    if (content_type == "application/json") return true;
    const auto [type, parameters] = cut(content_type, ';');
    if (!equals_ignoring_case(trim(type), "application/json")) return false;
    const auto charset = parameter(parameters, "charset");
    return charset.empty() || equals_ignoring_case(charset, "utf-8");
}

bool accepts(std::string_view accept, std::string_view type) {
    int best = 0;
    bool admitted = false;
    while (!accept.empty()) {
        const auto [element, rest] = cut(accept, ',');
        const auto [range, parameters] = cut(element, ';');
        const int match = specificity(trim(range), type);
        if (match > best) {
            best = match;
            admitted = !is_zero(parameter(parameters, "q"));
        }
        accept = rest;
    }
    return admitted;
}

}  // namespace shadowcat::http
