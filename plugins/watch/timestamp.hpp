// SPDX-License-Identifier: Apache-2.0
// Times as JSON and as people read them.
#pragma once

#include <chrono>
#include <string>

namespace shadowcat::watch {

using WallTime = std::chrono::system_clock::time_point;

/// RFC 3339, UTC, with milliseconds.
std::string utc_text(WallTime time);

/// The other way round; the epoch for anything else.
WallTime time_from(const std::string& text);

/// The time of day where this runs: `13:04:05.678`.
std::string clock_text(WallTime time);

}  // namespace shadowcat::watch
