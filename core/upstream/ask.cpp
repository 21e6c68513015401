// SPDX-License-Identifier: Apache-2.0
// One bounded request of the proxy's own, and the handshake made of it.
#include "core/upstream/ask.hpp"

#include "shadowcat/sdk/json_rpc.hpp"

#include "core/mcp/revisions.hpp"
#include "core/upstream/call_alarm.hpp"

#include <nlohmann/json.hpp>

namespace shadowcat::core {

namespace {

sdk::Message initialize_request() {
    const nlohmann::json params = {
        {"protocolVersion", mcp::kNewestLegacy},
        {"capabilities", nlohmann::json::object()},
        {"clientInfo", {{"name", "shadowcat"}, {"version", SHADOWCAT_VERSION}}}};
    return sdk::make_request("\"shadowcat-initialize\"", "initialize", params.dump());
}

}  // namespace

sdk::awaitable<sdk::Result<void>> LastReply::write(sdk::Message message) {
    if (message.is_response()) response = std::move(message);
    co_return sdk::Result<void>();
}

sdk::awaitable<sdk::Result<void>> LastReply::fail(sdk::Error, sdk::Message message) {
    return write(std::move(message));
}

sdk::awaitable<sdk::Result<sdk::Message>> ask(sdk::Worker& worker, sdk::Link& link,
                                              sdk::Message request, sdk::Duration limit) {
    sdk::Cancellation cancellation;
    const CallAlarm alarm(worker, limit, [&cancellation] {
        cancellation.request(sdk::upstream_error(sdk::ErrorCode::timed_out, "no answer in time"));
    });
    LastReply reply;
    const sdk::Result<void> done = co_await link.call(std::move(request), reply, cancellation);
    if (done.has_error()) co_return done.error();
    if (!reply.response) co_return sdk::upstream_error(sdk::ErrorCode::protocol, "no response");
    co_return *std::move(reply.response);
}

sdk::awaitable<sdk::Result<std::string>> handshake(sdk::Worker& worker, sdk::Link& link,
                                                   sdk::Duration limit) {
    sdk::Message request = initialize_request();
    const sdk::Result<sdk::Message> response =
        co_await ask(worker, link, std::move(request), limit);
    if (response.has_error()) co_return response.error().within("initialize");
    if (response->kind() == sdk::MessageKind::error) {
        co_return sdk::upstream_error(sdk::ErrorCode::protocol, "the server refused initialize");
    }
    sdk::Message initialized = sdk::make_notification("notifications/initialized");
    const sdk::Result<void> sent = co_await link.send(std::move(initialized));
    if (sent.has_error()) co_return sent.error();
    co_return nlohmann::json::parse(response->bytes()).at("result").dump();
}

}  // namespace shadowcat::core
