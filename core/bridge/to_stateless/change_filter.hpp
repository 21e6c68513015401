// SPDX-License-Identifier: Apache-2.0
// ChangeFilter: what a `subscriptions/listen` asks to be told, or what its server will tell.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>

namespace shadowcat::core {

/// A set of change notifications (MCP 2026-07-28, patterns/subscriptions).
class ChangeFilter {
public:
    ChangeFilter() = default;
    ChangeFilter(bool of_tools, bool of_prompts, bool of_resources)
        : tools(of_tools), prompts(of_prompts), resources(of_resources) {}

    /// Of the member `notifications` of a listen's params or of its acknowledgment.
    static ChangeFilter read(std::string_view notifications);

    /// The same, as JSON text.
    std::string text() const;

    bool empty() const noexcept { return !tools && !prompts && !resources && uris.empty(); }
    bool operator==(const ChangeFilter&) const = default;

    /// What is in both.
    ChangeFilter common(const ChangeFilter& other) const;
    void add(const ChangeFilter& other);

    /// Whether it holds the notification `method`, about the resource `uri` or one within.
    bool admits(std::string_view method, std::string_view uri) const;

    bool tools = false;      ///< `toolsListChanged`
    bool prompts = false;    ///< `promptsListChanged`
    bool resources = false;  ///< `resourcesListChanged`
    std::set<std::string, std::less<>> uris;
};

}  // namespace shadowcat::core
