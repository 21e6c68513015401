// SPDX-License-Identifier: Apache-2.0
// Sends `server/discover` and judges the response.
#include "server_discover.hpp"

#include "shadowcat/sdk/json_rpc.hpp"
#include "shadowcat/sdk/version.hpp"

#include "error_answer.hpp"

namespace shadowcat::pool {

namespace {

// What 2026-07-28 demands of every request.
constexpr std::string_view kParams =
    R"({"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
    R"("io.modelcontextprotocol/clientInfo":{"name":"shadowcat","version":")" SHADOWCAT_SDK_VERSION
    R"("},"io.modelcontextprotocol/clientCapabilities":{}}})";

// The probe connection was opened in the session era, so a modern server may object to its header
// or version, and an older one not know the method.
constexpr int kHeaderMismatch = -32020;
constexpr int kUnsupportedVersion = -32022;

bool proves_life(int code) {
    return code == sdk::json_rpc::kMethodNotFound || code == kUnsupportedVersion ||
           code == kHeaderMismatch;
}

sdk::Result<void> judge_discovery(const sdk::Message& response) {
    if (response.kind() == sdk::MessageKind::result) return {};
    const int code = sdk::error_code_of(response).value_or(0);
    if (proves_life(code)) return {};
    return answered_with_error("server/discover", code);
}

}  // namespace

sdk::awaitable<sdk::Result<void>> ServerDiscover::check(sdk::HealthTarget& target) {
    sdk::Message question = sdk::make_request("\"shadowcat-health\"", "server/discover", kParams);
    sdk::Result<sdk::Message> answer = co_await target.ask(std::move(question));
    if (answer.has_error()) co_return answer.error();
    co_return judge_discovery(*answer);
}

}  // namespace shadowcat::pool
