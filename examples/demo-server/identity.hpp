// SPDX-License-Identifier: Apache-2.0
// Who the server is and which revisions of MCP it speaks.
#pragma once

#include "json_rpc.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace demo {

/// The revision without sessions: every request says all that there is to know about it.
inline constexpr std::string_view kStatelessRevision = "2026-07-28";

/// Which clients are served: those that open a session, those that send stateless requests.
enum class Era : std::uint8_t { kBoth, kLegacy, kModern };

std::optional<Era> parse_era(std::string_view name);

constexpr bool serves_sessions(Era era) { return era != Era::kModern; }
constexpr bool serves_stateless(Era era) { return era != Era::kLegacy; }

/// The newest first.
Json supported_versions(Era era);

/// The revision that a session gets whose client asked for `requested`.
std::string agreed_revision(std::string_view requested);
std::string latest_session_revision();

Json server_info();
Json capabilities_for(std::string_view revision);
std::string_view instructions();

}  // namespace demo
