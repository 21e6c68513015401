// SPDX-License-Identifier: Apache-2.0
// Formats moments.
#include "format/utc.hpp"

#include <cstdio>
#include <ctime>

namespace shadowcat::tape {

namespace {

std::string utc_text(std::chrono::system_clock::time_point at, const char* format) {
    using std::chrono::milliseconds;
    const auto ms = std::chrono::floor<milliseconds>(at.time_since_epoch()).count();
    const std::time_t seconds = static_cast<std::time_t>(ms / 1000 - (ms % 1000 < 0 ? 1 : 0));
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    char text[32];
    std::string out(text, std::strftime(text, sizeof(text), format, &parts));
    std::snprintf(text, sizeof(text), ".%03dZ", static_cast<int>(ms - seconds * 1000));
    return out + text;
}

}  // namespace

std::string iso_utc(std::chrono::system_clock::time_point at) {
    return utc_text(at, "%Y-%m-%dT%H:%M:%S");
}

std::string compact_utc(std::chrono::system_clock::time_point at) {
    return utc_text(at, "%Y%m%dT%H%M%S");
}

}  // namespace shadowcat::tape
