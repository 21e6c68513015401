// SPDX-License-Identifier: Apache-2.0
// Header names are compared without regard to case.
#pragma once

#include <algorithm>
#include <string_view>

namespace shadowcat::sdk::inline v1 {

inline bool same_header_name(std::string_view a, std::string_view b) {
    const auto lower = [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    };
    return std::ranges::equal(a, b, {}, lower, lower);
}

}  // namespace shadowcat::sdk::inline v1
