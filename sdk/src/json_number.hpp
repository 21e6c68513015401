// SPDX-License-Identifier: Apache-2.0
// The grammar of JSON numbers, for those that no machine type holds.
#pragma once

#include <cstddef>
#include <string_view>

namespace shadowcat::sdk::inline v1 {

/// True for a number as RFC 8259 writes it, of any size.
inline bool is_json_number(std::string_view text) {
    std::size_t at = 0;
    const auto digits = [&] {
        const std::size_t start = at;
        while (at < text.size() && text[at] >= '0' && text[at] <= '9')
            ++at;
        return at - start;
    };
    const auto take = [&](std::string_view any) {
        const bool found = at < text.size() && any.find(text[at]) != std::string_view::npos;
        at += found;
        return found;
    };
    take("-");
    const bool zero = at < text.size() && text[at] == '0';
    const std::size_t whole = digits();
    if (whole == 0 || (zero && whole > 1)) return false;
    if (take(".") && digits() == 0) return false;
    if (take("eE")) {
        take("+-");
        if (digits() == 0) return false;
    }
    return at == text.size();
}

}  // namespace shadowcat::sdk::inline v1
