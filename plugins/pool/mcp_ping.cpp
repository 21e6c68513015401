// SPDX-License-Identifier: Apache-2.0
// Sends `ping` and judges the response.
#include "mcp_ping.hpp"

#include "shadowcat/sdk/json_rpc.hpp"

#include "error_answer.hpp"

namespace shadowcat::pool {

namespace {

sdk::Result<void> judge_ping(const sdk::Message& response) {
    if (response.kind() == sdk::MessageKind::result) return {};
    const int code = sdk::error_code_of(response).value_or(0);
    if (code == sdk::json_rpc::kMethodNotFound) return {};
    return answered_with_error("ping", code);
}

}  // namespace

sdk::awaitable<sdk::Result<void>> McpPing::check(sdk::HealthTarget& target) {
    sdk::Message ping = sdk::make_request("\"shadowcat-health\"", "ping");
    sdk::Result<sdk::Message> answer = co_await target.ask(std::move(ping));
    if (answer.has_error()) co_return answer.error();
    co_return judge_ping(*answer);
}

}  // namespace shadowcat::pool
