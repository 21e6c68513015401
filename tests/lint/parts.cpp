// SPDX-License-Identifier: Apache-2.0
// The dependency rule, as the few lines that it is.
#include "parts.hpp"

namespace shadowcat::lint {
namespace {

/// Composes the product or looks at it from outside.
bool is_free(std::string_view part) {
    return part.empty() || part == "tests" || part == "bench" || part == "scripts";
}

std::string_view first_folders(std::string_view file, int count) {
    std::size_t end = 0;
    for (int i = 0; i < count && end != std::string_view::npos; ++i) {
        end = file.find('/', i == 0 ? 0 : end + 1);
    }
    return file.substr(0, end == std::string_view::npos ? 0 : end);
}

}  // namespace

std::string part_of(std::string_view file) {
    const auto top = first_folders(file, 1);
    const auto two = first_folders(file, 2);
    if (top == "plugins" || top == "examples") return std::string(two);
    if (two == "sdk/conformance" || two == "sdk/template") return std::string(two);
    return std::string(top);
}

bool may_include(std::string_view from, std::string_view to) {
    if (to.starts_with("sdk/include/")) return true;
    if (to.starts_with("tests/support/") && from.ends_with("_test.cpp")) return true;
    const auto from_part = part_of(from);
    const auto to_part = part_of(to);
    if (from_part == to_part || is_free(from_part)) return true;
    return from_part == "sdk/conformance" && to_part == "core";
}

bool may_link(std::string_view from, std::string_view to) {
    if (from == to || is_free(from) || to == "sdk") return true;
    return from == "sdk/conformance" && to == "core";
}

}  // namespace shadowcat::lint
