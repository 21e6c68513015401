// SPDX-License-Identifier: Apache-2.0
// Who the server is and which revisions of MCP it speaks.
#include "identity.hpp"

#include <algorithm>
#include <array>

namespace demo {
namespace {

constexpr std::array<std::string_view, 4> kSessionRevisions = {"2025-11-25", "2025-06-18",
                                                               "2025-03-26", "2024-11-05"};

}  // namespace

std::optional<Era> parse_era(std::string_view name) {
    if (name == "both") return Era::kBoth;
    if (name == "legacy") return Era::kLegacy;
    if (name == "modern") return Era::kModern;
    return std::nullopt;
}

Json supported_versions(Era era) {
    Json versions = Json::array();
    if (serves_stateless(era)) versions.push_back(kStatelessRevision);
    if (!serves_sessions(era)) return versions;
    for (const std::string_view revision : kSessionRevisions)
        versions.push_back(revision);
    return versions;
}

std::string agreed_revision(std::string_view requested) {
    const bool known = std::ranges::find(kSessionRevisions, requested) != kSessionRevisions.end();
    return known ? std::string(requested) : latest_session_revision();
}

std::string latest_session_revision() { return std::string(kSessionRevisions.front()); }

Json server_info() { return {{"name", "shadowcat-demo-server"}, {"version", DEMO_SERVER_VERSION}}; }

Json capabilities_for(std::string_view revision) {
    Json capabilities = {{"tools", {{"listChanged", true}}},
                         {"resources", {{"subscribe", true}}},
                         {"prompts", Json::object()},
                         {"logging", Json::object()}};
    if (revision != "2024-11-05") capabilities["completions"] = Json::object();
    return capabilities;
}

std::string_view instructions() { return "A demonstration. Call echo, add, slow, ask or sample."; }

}  // namespace demo
