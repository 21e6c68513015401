// SPDX-License-Identifier: Apache-2.0
// Splices the result of initialize.
#include "core/mcp/presented_revision.hpp"

#include "shadowcat/sdk/json_edit.hpp"

#include "core/mcp/revisions.hpp"

namespace shadowcat::core::mcp {

namespace {

namespace json = shadowcat::sdk::json;

constexpr std::string_view kWithoutCompletions = "2024-11-05";

std::string with_completions(const std::string& result) {
    const std::string_view capabilities = json::member(result, "capabilities");
    if (!json::is_object(capabilities) || !json::member(capabilities, "completions").empty()) {
        return result;
    }
    return json::with_member(result, "capabilities",
                             json::with_member(capabilities, "completions", "{}"));
}

std::string presented(const std::string& result, std::string_view asked) {
    const std::string spoken = json::unquote(json::member(result, "protocolVersion"));
    if (!is_legacy(spoken) || !is_legacy(asked)) return result;
    if (spoken == kWithoutCompletions && asked > spoken) return with_completions(result);
    if (asked >= spoken) return result;
    return json::with_member(result, "protocolVersion", "\"" + std::string(asked) + "\"");
}

}  // namespace

void present_revision(sdk::Message& response, std::string_view request) {
    const std::string asked = json::unquote(json::at(request, {"params", "protocolVersion"}));
    const std::string result(json::member(response.bytes(), "result"));
    const std::string shown = presented(result, asked);
    if (shown == result) return;
    std::string text = json::with_member(response.bytes(), "result", shown);
    const sdk::ParseLimits limits(text.size(), 1024);
    response = sdk::Message::parse(std::move(text), limits).value();
}

}  // namespace shadowcat::core::mcp
