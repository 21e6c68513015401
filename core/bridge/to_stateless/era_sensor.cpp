// SPDX-License-Identifier: Apache-2.0
// Judging by results, codes and the revisions they name.
#include "core/bridge/to_stateless/era_sensor.hpp"

#include "shadowcat/sdk/json_edit.hpp"
#include "shadowcat/sdk/json_rpc.hpp"

#include "core/bridge/to_stateless/session_request.hpp"
#include "core/mcp/revisions.hpp"

namespace shadowcat::core {

namespace json = sdk::json;

namespace {

bool names_ours(std::string_view revisions) {
    bool named = false;
    json::for_each_element(revisions, [&](std::string_view each) {
        named = named || json::unquote(each) == mcp::kNewestStateless;
    });
    return named;
}

}  // namespace

sdk::Message discover_request(const ClientProfile& client) {
    return sdk::make_request("\"shadowcat-discover\"", "server/discover",
                             stateless_params(client, {}));
}

bool is_discover_result(const sdk::Message& answer) {
    return answer.kind() == sdk::MessageKind::result &&
           names_ours(json::at(answer.bytes(), {"result", "supportedVersions"}));
}

Discovery judge_discovery(const sdk::Message& answer) {
    if (is_discover_result(answer)) return Discovery::stateless;
    switch (sdk::error_code_of(answer).value_or(0)) {
        case sdk::json_rpc::kHeaderMismatch:
        case sdk::json_rpc::kMissingClientCapability:
            return Discovery::stateless;
        case sdk::json_rpc::kUnsupportedProtocolVersion:
            return names_ours(json::at(answer.bytes(), {"error", "data", "supported"}))
                       ? Discovery::stateless
                       : Discovery::other;
        default:
            return Discovery::other;
    }
}

bool may_be_era(const sdk::Error& error) {
    switch (error.code()) {
        case sdk::ErrorCode::protocol:
        case sdk::ErrorCode::unsupported:
        case sdk::ErrorCode::parse:
        case sdk::ErrorCode::invalid_request:
        case sdk::ErrorCode::unknown_session:
            return true;
        default:
            return false;
    }
}

}  // namespace shadowcat::core
