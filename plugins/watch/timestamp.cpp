// SPDX-License-Identifier: Apache-2.0
// Writes and reads times.
#include "timestamp.hpp"

#include <array>
#include <cstdio>
#include <ctime>

namespace shadowcat::watch {

namespace {

using namespace std::chrono;

long milliseconds_of(WallTime time) {
    return static_cast<long>((time - floor<seconds>(time)) / milliseconds(1));
}

/// `fields` as `format` has them, and milliseconds.
std::string text_of(const std::tm& fields, const char* format, long ms) {
    std::array<char, 40> text{};
    const std::size_t size = std::strftime(text.data(), text.size(), format, &fields);
    std::array<char, 8> fraction{};
    std::snprintf(fraction.data(), fraction.size(), ".%03ld", ms % 1000);
    return std::string(text.data(), size) + fraction.data();
}

}  // namespace

std::string utc_text(WallTime time) {
    const std::time_t whole = system_clock::to_time_t(floor<seconds>(time));
    std::tm fields{};
    ::gmtime_r(&whole, &fields);
    return text_of(fields, "%Y-%m-%dT%H:%M:%S", milliseconds_of(time)) + "Z";
}

WallTime time_from(const std::string& text) {
    std::tm fields{};
    int ms = 0;
    const int read =
        std::sscanf(text.c_str(), "%4d-%2d-%2dT%2d:%2d:%2d.%3dZ", &fields.tm_year, &fields.tm_mon,
                    &fields.tm_mday, &fields.tm_hour, &fields.tm_min, &fields.tm_sec, &ms);
    if (read != 7) return {};
    fields.tm_year -= 1900;
    fields.tm_mon -= 1;
    return system_clock::from_time_t(::timegm(&fields)) + milliseconds(ms);
}

std::string clock_text(WallTime time) {
    const std::time_t whole = system_clock::to_time_t(floor<seconds>(time));
    std::tm fields{};
    ::localtime_r(&whole, &fields);
    return text_of(fields, "%H:%M:%S", milliseconds_of(time));
}

}  // namespace shadowcat::watch
