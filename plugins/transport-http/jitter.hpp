// SPDX-License-Identifier: Apache-2.0
// jitter: numbers that only have to differ.
#pragma once

#include <cstdint>
#include <random>

namespace shadowcat::http {

/// Not for secrets.
inline std::uint32_t jitter() {
    thread_local std::minstd_rand generator(std::random_device{}());
    return static_cast<std::uint32_t>(generator() >> 4);
}

}  // namespace shadowcat::http
