// SPDX-License-Identifier: Apache-2.0
// Sends `ping` and judges the response.
#include "mcp_ping.hpp"

#include "shadowcat/sdk/json_rpc.hpp"

#include <nlohmann/json.hpp>

#include <string>

namespace shadowcat::pool {

namespace {

/// The code of an error response, 0 where it has none.
int error_code_of(const sdk::Message& response) {
    const auto text = sdk::Json::parse(response.bytes(), nullptr, false);
    const auto code = sdk::Json::json_pointer("/error/code");
    if (!text.is_object() || !text.contains(code) || !text[code].is_number_integer()) return 0;
    return text[code].get<int>();
}

sdk::Result<void> judge(const sdk::Message& response) {
    if (response.kind() == sdk::MessageKind::result) return {};
    const int code = error_code_of(response);
    if (code == sdk::json_rpc::kMethodNotFound) return {};
    return sdk::upstream_error(sdk::ErrorCode::protocol,
                               "ping was answered with error " + std::to_string(code));
}

}  // namespace

sdk::awaitable<sdk::Result<void>> McpPing::check(sdk::HealthTarget& target) {
    sdk::Message ping = sdk::make_request("\"shadowcat-health\"", "ping");
    sdk::Result<sdk::Message> answer = co_await target.ask(std::move(ping));
    if (answer.has_error()) co_return answer.error();
    co_return judge(*answer);
}

}  // namespace shadowcat::pool
