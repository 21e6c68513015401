// SPDX-License-Identifier: Apache-2.0
// Capabilities as the stateless era has them.
#include "core/bridge/to_stateless/client_profile.hpp"

#include "shadowcat/sdk/json_edit.hpp"
#include "shadowcat/sdk/version.hpp"

#include "core/mcp/log_severity.hpp"
#include "core/mcp/revisions.hpp"

namespace shadowcat::core {

namespace json = sdk::json;

namespace {

constexpr std::string_view kOwnInfo =
    R"({"name":"shadowcat","version":")" SHADOWCAT_SDK_VERSION R"("})";

/// Without what the stateless era doesn't have, or the bridge can't carry.
std::string translated(std::string_view capabilities) {
    if (!json::is_object(capabilities)) return "{}";
    std::string text = json::without_members(capabilities, {"tasks", "extensions"});
    const std::string_view roots = json::member(text, "roots");
    if (json::is_object(roots)) {
        text = json::with_member(text, "roots", json::without_members(roots, {"listChanged"}));
    }
    return text;
}

}  // namespace

ClientProfile::ClientProfile() : info_(kOwnInfo) { compose(); }

ClientProfile::ClientProfile(const sdk::Message& initialize) : info_(kOwnInfo) {
    capabilities_ = translated(json::member(initialize.params(), "capabilities"));
    const std::string_view info = json::member(initialize.params(), "clientInfo");
    if (json::is_object(info)) info_ = info;
    compose();
}

bool ClientProfile::set_log_level(std::string_view level) {
    if (!log_severity(level)) return false;
    log_level_ = level;
    compose();
    return true;
}

bool ClientProfile::can_answer(std::string_view method, std::string_view params) const {
    if (method == "sampling/createMessage") {
        return json::is_object(json::member(capabilities_, "sampling"));
    }
    if (method == "roots/list") return json::is_object(json::member(capabilities_, "roots"));
    if (method != "elicitation/create") return false;
    const std::string_view declared = json::member(capabilities_, "elicitation");
    if (!json::is_object(declared)) return false;
    const std::string mode = json::unquote(json::member(params, "mode"));
    const bool url = !json::member(declared, "url").empty();
    if (mode == "url") return url;
    return !json::member(declared, "form").empty() || !url;  // `{}` means forms
}

void ClientProfile::compose() {
    meta_ = R"("io.modelcontextprotocol/protocolVersion":")";
    meta_.append(mcp::kNewestStateless);
    meta_.append(R"(","io.modelcontextprotocol/clientInfo":)").append(info_);
    meta_.append(R"(,"io.modelcontextprotocol/clientCapabilities":)").append(capabilities_);
    if (log_level_.empty()) return;
    meta_.append(R"(,"io.modelcontextprotocol/logLevel":")").append(log_level_).append("\"");
}

}  // namespace shadowcat::core
