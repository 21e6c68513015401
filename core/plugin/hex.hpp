// SPDX-License-Identifier: Apache-2.0
// Bytes as lower-case hex digits.
#pragma once

#include <span>
#include <string>

namespace shadowcat::core {

inline std::string to_hex(std::span<const unsigned char> bytes) {
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string text;
    for (const unsigned char byte : bytes) {
        text += kDigits[byte >> 4];
        text += kDigits[byte & 0x0f];
    }
    return text;
}

}  // namespace shadowcat::core
