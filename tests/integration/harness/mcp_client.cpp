// SPDX-License-Identifier: Apache-2.0
// Requests, answers in either form, and the messages between.
#include "mcp_client.hpp"

#include <utility>

namespace integration {

namespace {

Json message(std::string_view method, const Json& params) {
    Json built = {{"jsonrpc", "2.0"}, {"method", method}};
    if (!params.is_null()) built["params"] = params;
    return built;
}

bool is_response(const Json& message) { return !message.contains("method"); }

}  // namespace

Messages::Messages(HttpClient client, std::string_view request) : client_(std::move(client)) {
    client_.send(request);
}

const HttpResponse& Messages::head() {
    if (head_) return *head_;
    head_ = client_.read_head();
    if (!head_->is_event_stream()) client_.read_body(*head_);
    return *head_;
}

std::optional<Json> Messages::next() {
    const HttpResponse& answer = head();
    if (over_) return std::nullopt;
    if (answer.is_event_stream()) {
        auto event = client_.next_event();
        while (event && event->data.empty())
            event = client_.next_event();  // it only names a place in the stream
        over_ = !event;
        return event ? std::optional(Json::parse(event->data)) : std::nullopt;
    }
    over_ = true;
    return answer.body.empty() ? std::nullopt : std::optional(answer.json());
}

Json Messages::wait_for(std::string_view method) {
    while (auto message = next()) {
        if (message->value("method", "") == method) return *std::move(message);
        heard.push_back(*std::move(message));
    }
    throw Impatient("the stream ended without " + std::string(method));
}

Json Messages::response() {
    while (auto message = next()) {
        if (is_response(*message)) return *std::move(message);
        heard.push_back(*std::move(message));
    }
    throw Impatient("the stream ended without a response");
}

McpClient::McpClient(std::uint16_t port, std::string path)
    : port_(port), path_(std::move(path)), connection_(port) {}

Json McpClient::initialize(const Json& capabilities, const std::string& version) {
    const Json params = {{"protocolVersion", version},
                         {"capabilities", capabilities},
                         {"clientInfo", {{"name", "integration"}, {"version", "1"}}}};
    Messages answer = begin("initialize", params);
    const Json response = answer.response();
    session_ = answer.head().header("mcp-session-id");
    if (!response.contains("result")) throw Impatient("initialize failed: " + response.dump());
    version_ = response.at("result").value("protocolVersion", version);
    const int status = notify("notifications/initialized").status;
    if (status != 202) throw Impatient("initialized got " + std::to_string(status));
    return response.at("result");
}

void McpClient::adopt(std::string session, std::string version) {
    session_ = std::move(session);
    version_ = std::move(version);
}

Headers McpClient::headers() const {
    Headers headers;
    if (!session_.empty()) headers.emplace_back("Mcp-Session-Id", session_);
    if (!version_.empty()) headers.emplace_back("MCP-Protocol-Version", version_);
    return headers;
}

std::string McpClient::next_request(std::string_view method, const Json& params) {
    Json request = message(method, params);
    request["id"] = last_id_ = last_id_.get<int>() + 1;
    return mcp_post(request.dump(), headers(), path_);
}

Messages McpClient::begin(std::string_view method, const Json& params) {
    return Messages(HttpClient(port_), next_request(method, params));
}

Messages McpClient::begin_tool(std::string_view tool, const Json& arguments,
                               const Json& progress_token) {
    Json params = {{"name", tool}, {"arguments", arguments}};
    if (!progress_token.is_null()) params["_meta"] = {{"progressToken", progress_token}};
    return begin("tools/call", params);
}

Json McpClient::ask(std::string_view method, const Json& params) {
    return begin(method, params).response();
}

Json McpClient::call_tool(std::string_view tool, const Json& arguments) {
    return begin_tool(tool, arguments).response();
}

HttpResponse McpClient::post(std::string_view body) {
    return connection_.ask(mcp_post(body, headers(), path_));
}

HttpResponse McpClient::notify(std::string_view method, const Json& params) {
    return post(message(method, params).dump());
}

HttpResponse McpClient::respond(const Json& id, const Json& result) {
    const Json response = {{"jsonrpc", "2.0"}, {"id", id}, {"result", result}};
    return post(response.dump());
}

Messages McpClient::listen() {
    Headers all = headers();
    all.emplace_back("Accept", "text/event-stream");
    return Messages(HttpClient(port_), http_request("GET", path_, all));
}

HttpResponse McpClient::end() { return connection_.ask(http_request("DELETE", path_, headers())); }

std::string text_of(const Json& response) {
    return response.at("result").at("content").at(0).at("text").get<std::string>();
}

}  // namespace integration
