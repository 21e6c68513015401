// SPDX-License-Identifier: Apache-2.0
// The revision table.
#include "core/mcp/revisions.hpp"

#include <algorithm>
#include <array>

namespace shadowcat::core::mcp {

namespace {

constexpr std::array<Revision, 4> kLegacy = {
    {{"2024-11-05", false}, {"2025-03-26", true}, {"2025-06-18", true}, {kNewestLegacy, true}}};
constexpr std::array kStateless = {kNewestStateless};
constexpr std::string_view kPopularMistake = "2025-11-05";

}  // namespace

std::span<const Revision> legacy_revisions() noexcept { return kLegacy; }

std::span<const std::string_view> stateless_revisions() noexcept { return kStateless; }

bool is_stateless(std::string_view revision) noexcept {
    return std::ranges::find(kStateless, revision) != kStateless.end();
}

bool is_legacy(std::string_view revision) noexcept {
    return std::ranges::find(kLegacy, revision, &Revision::name) != kLegacy.end();
}

bool accepts_header(std::string_view revision, bool lenient) noexcept {
    return is_legacy(revision) || (lenient && revision == kPopularMistake);
}

std::string_view older(std::string_view a, std::string_view b) noexcept { return std::min(a, b); }

}  // namespace shadowcat::core::mcp
