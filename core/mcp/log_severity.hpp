// SPDX-License-Identifier: Apache-2.0
// The levels of MCP logging, in order.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace shadowcat::core {

/// Most verbose first (RFC 5424).
inline constexpr std::array<std::string_view, 8> kLogLevels = {
    "debug", "info", "notice", "warning", "error", "critical", "alert", "emergency"};

/// The place of `level` in `kLogLevels`; none when it is not there.
inline std::optional<std::size_t> log_severity(std::string_view level) {
    const auto found = std::ranges::find(kLogLevels, level);
    if (found == kLogLevels.end()) return std::nullopt;
    return static_cast<std::size_t>(found - kLogLevels.begin());
}

}  // namespace shadowcat::core
