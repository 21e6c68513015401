// SPDX-License-Identifier: Apache-2.0
// The probe's question and the table of its answers.
#include "core/upstream/era_probe.hpp"

#include "shadowcat/sdk/json_edit.hpp"
#include "shadowcat/sdk/json_rpc.hpp"

#include "core/mcp/revisions.hpp"

namespace shadowcat::core {

namespace {

bool lists_stateless(std::string_view versions) {
    bool found = false;
    sdk::json::for_each_element(versions, [&](std::string_view each) {
        found = found || mcp::is_stateless(sdk::json::unquote(each));
    });
    return found;
}

ProbeVerdict judge_response(const sdk::Message& response) {
    if (response.kind() == sdk::MessageKind::result) {
        const auto versions = sdk::json::at(response.bytes(), {"result", "supportedVersions"});
        return lists_stateless(versions) ? ProbeVerdict::stateless : ProbeVerdict::sessions;
    }
    switch (sdk::error_code_of(response).value_or(0)) {
        case sdk::json_rpc::kHeaderMismatch:
        case sdk::json_rpc::kMissingClientCapability:
        case sdk::json_rpc::kUnsupportedProtocolVersion:
            return ProbeVerdict::stateless;
        default:
            return ProbeVerdict::sessions;
    }
}

}  // namespace

sdk::Message discover_request() {
    const std::string params =
        R"({"_meta":{"io.modelcontextprotocol/protocolVersion":")" +
        std::string(mcp::kNewestStateless) +
        R"(","io.modelcontextprotocol/clientInfo":{"name":"shadowcat","version":")" +
        SHADOWCAT_VERSION + R"("},"io.modelcontextprotocol/clientCapabilities":{}}})";
    return sdk::make_request("\"shadowcat-discover\"", "server/discover", params);
}

ProbeVerdict judge_probe(const sdk::Result<sdk::Message>& answer, bool process) {
    if (answer.has_value()) return judge_response(*answer);
    switch (answer.error().code()) {
        case sdk::ErrorCode::protocol:
        case sdk::ErrorCode::unknown_session:
            return ProbeVerdict::sessions;
        case sdk::ErrorCode::timed_out:
        case sdk::ErrorCode::crashed:
        case sdk::ErrorCode::closed:
            return process ? ProbeVerdict::sessions : ProbeVerdict::no_evidence;
        default:
            return ProbeVerdict::no_evidence;
    }
}

}  // namespace shadowcat::core
