// SPDX-License-Identifier: Apache-2.0
// SipHash-2-4: a short keyed hash (Aumasson and Bernstein, 2012).
#pragma once

#include <cstdint>
#include <string_view>

namespace shadowcat::pool {

class SipKey {
public:
    SipKey(std::uint64_t first, std::uint64_t second) : low(first), high(second) {}

    std::uint64_t low;
    std::uint64_t high;
};

/// Without the key nobody can say which text gives which value, nor find the text behind one.
std::uint64_t siphash(const SipKey& key, std::string_view text) noexcept;

}  // namespace shadowcat::pool
