// SPDX-License-Identifier: Apache-2.0
// The probe's question and the table of its answers.
#include "core/upstream/era_probe.hpp"

#include "shadowcat/sdk/json_rpc.hpp"

#include "core/bridge/to_stateless/era_sensor.hpp"
#include "core/mcp/revisions.hpp"

namespace shadowcat::core {

namespace {

ProbeVerdict judge_response(const sdk::Message& response) {
    return judge_discovery(response) == Discovery::stateless ? ProbeVerdict::stateless
                                                             : ProbeVerdict::sessions;
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
