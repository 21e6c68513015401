// SPDX-License-Identifier: Apache-2.0
// The protocol revisions and what differs between them, as data.
#pragma once

#include <span>
#include <string_view>

namespace shadowcat::core::mcp {

/// One MCP revision. Revisions compare by date, that is by text.
class Revision {
public:
    std::string_view name;
    bool streamable_http;  ///< has the one-endpoint HTTP transport
};

/// The session-era revisions, oldest first.
std::span<const Revision> legacy_revisions() noexcept;

inline constexpr std::string_view kNewestLegacy = "2025-11-25";

/// The revisions without sessions, newest first.
std::span<const std::string_view> stateless_revisions() noexcept;

inline constexpr std::string_view kNewestStateless = "2026-07-28";

/// True for one of them.
bool is_stateless(std::string_view revision) noexcept;

/// True for a session-era revision.
bool is_legacy(std::string_view revision) noexcept;

/// Whether a client may name `revision` in `MCP-Protocol-Version`. `lenient` also admits
/// `2025-11-05`, which is no revision but stands in much published material.
bool accepts_header(std::string_view revision, bool lenient) noexcept;

/// The older of two revisions; what a gateway that answers `initialize` itself may agree to.
std::string_view older(std::string_view a, std::string_view b) noexcept;

}  // namespace shadowcat::core::mcp
