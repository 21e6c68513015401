// SPDX-License-Identifier: Apache-2.0
// Reading the result of initialize.
#include "core/bridge/to_sessions/server_facts.hpp"

#include "shadowcat/sdk/json_edit.hpp"
#include "shadowcat/sdk/json_rpc.hpp"

#include "core/mcp/revisions.hpp"

namespace shadowcat::core {

namespace json = shadowcat::sdk::json;
namespace sdk = shadowcat::sdk;

ServerFacts::ServerFacts(std::string_view initialize_result) {
    const std::string_view offered = json::member(initialize_result, "capabilities");
    if (json::is_object(offered)) {
        capabilities = json::without_members(offered, {"tasks", "extensions"});
    }
    const std::string_view name = json::member(initialize_result, "serverInfo");
    if (json::is_object(name)) info = name;
    const std::string_view advice = json::member(initialize_result, "instructions");
    if (json::is_string(advice)) instructions = advice;
    const auto is_true = [&](std::string_view part, std::string_view ability) {
        return json::at(capabilities, {part, ability}) == "true";
    };
    logs = !json::member(capabilities, "logging").empty();
    tools_change = is_true("tools", "listChanged");
    prompts_change = is_true("prompts", "listChanged");
    resources_change = is_true("resources", "listChanged");
    subscribes = is_true("resources", "subscribe");
}

std::string ServerFacts::discover_result() const {
    std::string text = R"({"supportedVersions":[)";
    for (const std::string_view each : mcp::stateless_revisions()) {
        if (text.back() != '[') text += ',';
        text += sdk::quote_json(each);
    }
    text.append("],\"capabilities\":").append(capabilities);
    if (!instructions.empty()) text.append(",\"instructions\":").append(instructions);
    return text += '}';
}

}  // namespace shadowcat::core
