// SPDX-License-Identifier: Apache-2.0
// Formats numbers.
#include "cli/units.hpp"

#include "format/utc.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>

namespace shadowcat::tape {

namespace {

template <class... Values>
std::string formatted(const char* format, Values... values) {
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), format, values...);
    return text.data();
}

bool read_digits(std::string_view text, std::size_t at, std::size_t size, int& into) {
    if (text.size() < at + size) return false;
    const char* const begin = text.data() + at;
    const auto read = std::from_chars(begin, begin + size, into);
    return read.ec == std::errc() && read.ptr == begin + size;
}

/// Of `.5`, `.123`, `.123456` milliseconds.
double fraction_ms(std::string_view text) {
    double ms = 0;
    double digit = 100;
    for (std::size_t i = 1; i < text.size() && text[i] >= '0' && text[i] <= '9'; ++i, digit /= 10)
        ms += (text[i] - '0') * digit;
    return text.starts_with('.') ? ms : 0;
}

}  // namespace

std::string human_bytes(std::uint64_t bytes) {
    if (bytes < 1024) return std::to_string(bytes) + " B";
    constexpr std::array<const char*, 5> units = {"KiB", "MiB", "GiB", "TiB", "PiB"};
    double value = double(bytes) / 1024;
    std::size_t unit = 0;
    for (; value >= 999.95 && unit + 1 < units.size(); ++unit)
        value /= 1024;
    return formatted("%.1f %s", value, units[unit]);
}

std::string human_duration(double ms) {
    if (ms < 999.95) return formatted("%.1f ms", ms);
    if (ms < 59'995) return formatted("%.2f s", ms / 1000);
    const auto seconds = static_cast<long long>(std::llround(ms / 1000));
    if (seconds < 3600) return formatted("%lld min %lld s", seconds / 60, seconds % 60);
    return formatted("%lld h %lld min", seconds / 3600, seconds % 3600 / 60);
}

std::string human_offset(double ms) { return formatted("%.3f", ms / 1000); }

std::optional<std::chrono::system_clock::time_point> parse_utc(std::string_view text) {
    int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
    const bool read = read_digits(text, 0, 4, year) && read_digits(text, 5, 2, month) &&
                      read_digits(text, 8, 2, day) && read_digits(text, 11, 2, hour) &&
                      read_digits(text, 14, 2, minute) && read_digits(text, 17, 2, second);
    if (!read || text[4] != '-' || text[10] != 'T' || !text.ends_with('Z')) return std::nullopt;
    const std::chrono::year_month_day date(std::chrono::year(year),
                                           std::chrono::month(static_cast<unsigned>(month)),
                                           std::chrono::day(static_cast<unsigned>(day)));
    if (!date.ok()) return std::nullopt;
    const auto seconds = std::chrono::sys_days(date) + std::chrono::hours(hour) +
                         std::chrono::minutes(minute) + std::chrono::seconds(second);
    const auto fraction = std::chrono::milliseconds(static_cast<int>(fraction_ms(text.substr(19))));
    return seconds + fraction;
}

std::string moment_at(const std::string& created_at, double ts_ms) {
    const auto began = parse_utc(created_at);
    if (!began || !(std::abs(ts_ms) < 1e14)) return created_at;
    return iso_utc(*began + std::chrono::milliseconds(static_cast<long long>(ts_ms)));
}

}  // namespace shadowcat::tape
