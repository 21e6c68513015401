// SPDX-License-Identifier: Apache-2.0
// Moments as operators read them.
#pragma once

#include <chrono>
#include <ctime>
#include <string>

namespace shadowcat::core {

/// `2026-11-25T21:31:44Z`.
inline std::string utc(std::chrono::system_clock::time_point at) {
    const std::time_t seconds = std::chrono::system_clock::to_time_t(at);
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    char text[32];
    return std::string(text, std::strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &parts));
}

}  // namespace shadowcat::core
