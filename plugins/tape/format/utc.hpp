// SPDX-License-Identifier: Apache-2.0
// Moments as tapes write them.
#pragma once

#include <chrono>
#include <string>

namespace shadowcat::tape {

/// `2026-11-25T21:31:44.123Z`.
std::string iso_utc(std::chrono::system_clock::time_point at);

/// `20261125T213144.123Z`: sorts by time and is good for a file's name.
std::string compact_utc(std::chrono::system_clock::time_point at);

}  // namespace shadowcat::tape
