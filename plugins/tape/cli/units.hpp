// SPDX-License-Identifier: Apache-2.0
// Sizes, durations and moments for people.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace shadowcat::tape {

/// `213 B`, `4.2 KiB`, `1.3 GiB`.
std::string human_bytes(std::uint64_t bytes);

/// `0.4 ms`, `12.3 ms`, `1.24 s`, `2 min 5 s`, `3 h 20 min`.
std::string human_duration(double ms);

/// Seconds since the tape began: `12.345`.
std::string human_offset(double ms);

/// The moment that an ISO 8601 text in UTC names; empty when it is none.
std::optional<std::chrono::system_clock::time_point> parse_utc(std::string_view text);

/// `created_at` and so many milliseconds, as ISO 8601; `created_at` itself when that is no time.
std::string moment_at(const std::string& created_at, double ts_ms);

}  // namespace shadowcat::tape
