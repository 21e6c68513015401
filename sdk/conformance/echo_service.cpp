// SPDX-License-Identifier: Apache-2.0
// Sessions that answer by themselves.
#include "echo_service.hpp"

#include "shadowcat/sdk/json_rpc.hpp"

namespace shadowcat::contract {

namespace {

constexpr std::string_view kInitializeResult =
    R"({"protocolVersion":"2025-06-18","capabilities":{},)"
    R"("serverInfo":{"name":"contract","version":"1"}})";

sdk::Message answer_to(const sdk::Message& request) {
    if (request.method() == "initialize") return sdk::make_result(request.id(), kInitializeResult);
    const std::string method = sdk::quote_json(request.method());
    return sdk::make_result(request.id(), "{\"echo\":" + method + "}");
}

sdk::Message progress_for(const sdk::Message& request) {
    return sdk::make_notification(
        "notifications/progress",
        "{\"progress\":1,\"progressToken\":" + std::string(request.progress_token()) + "}");
}

}  // namespace

sdk::awaitable<> EchoSession::request(sdk::Message request, sdk::ReplyStream& replies) {
    if (request.method() == "initialize") revision_ = "2025-06-18";
    if (!request.progress_token().empty()) {
        sdk::Message progress = progress_for(request);
        co_await replies.write(std::move(progress));
    }
    sdk::Message answer = answer_to(request);
    co_await replies.write(std::move(answer));
}

sdk::awaitable<sdk::Result<void>> EchoSession::notify(sdk::Message message) {
    notified.emplace_back(message.method());
    co_return sdk::Result<void>();
}

sdk::awaitable<sdk::Result<void>> EchoSession::listen(sdk::ReplyStream&, std::string_view) {
    listening_ = true;
    co_await quiet_.wait();
    listening_ = false;
    co_return sdk::Result<void>();
}

sdk::Result<void> EchoSession::can_listen(std::string_view last_event_id) const {
    if (!listening_ && last_event_id.empty()) return {};
    return sdk::downstream_error(sdk::ErrorCode::invalid_request, "no stream to listen to");
}

sdk::awaitable<> EchoSession::end() {
    quiet_.notify();
    co_return;
}

sdk::Result<std::shared_ptr<sdk::ClientSession>> EchoService::open(const sdk::ClientInfo&) {
    const std::string id = "0123456789abcdef-" + std::to_string(sessions.size());
    auto session = std::make_shared<EchoSession>(id);
    sessions[id] = session;
    return std::shared_ptr<sdk::ClientSession>(session);
}

sdk::Result<std::shared_ptr<sdk::ClientSession>> EchoService::find(std::string_view id,
                                                                   const sdk::ClientInfo&) {
    const auto found = sessions.find(id);
    if (found != sessions.end()) return std::shared_ptr<sdk::ClientSession>(found->second);
    return sdk::downstream_error(sdk::ErrorCode::unknown_session, "no such session");
}

sdk::awaitable<sdk::Page> EchoHost::page(sdk::PageRequest request, sdk::Worker&) {
    const bool found = request.path == "/contract";
    co_return sdk::Page(found ? 200 : 404, "text/plain", found ? "contract\n" : "");
}

}  // namespace shadowcat::contract
