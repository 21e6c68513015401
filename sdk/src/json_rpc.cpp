// SPDX-License-Identifier: Apache-2.0
// JSON-RPC messages of our own making.
#include "shadowcat/sdk/json_rpc.hpp"

#include "shadowcat/sdk/json_edit.hpp"

#include <nlohmann/json.hpp>

#include <charconv>

namespace shadowcat::sdk::inline v1 {

namespace {

void append_member(std::string& text, std::string_view key, std::string_view value) {
    if (value.empty()) return;
    text.append(",\"").append(key).append("\":").append(value);
}

Message finish(std::string text) {
    text += '}';
    ParseLimits unbounded(text.size() + 1, 1024);
    return Message::parse(std::move(text), unbounded).value();
}

}  // namespace

std::string quote_json(std::string_view text) {
    return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

int json_rpc_code(ErrorCode code) noexcept {
    switch (code) {
        case ErrorCode::parse:
            return json_rpc::kParseError;
        case ErrorCode::too_large:
        case ErrorCode::invalid_request:
        case ErrorCode::unknown_session:
            return json_rpc::kInvalidRequest;
        default:
            return json_rpc::kInternalError;
    }
}

std::optional<int> error_code_of(const Message& response) {
    if (response.kind() != MessageKind::error) return std::nullopt;
    const std::string_view code = json::at(response.bytes(), {"error", "code"});
    int number = 0;
    const auto [stop, failed] = std::from_chars(code.data(), code.data() + code.size(), number);
    if (failed != std::errc() || stop != code.data() + code.size()) return std::nullopt;
    return number;
}

Message make_request(std::string_view id, std::string_view method, std::string_view params) {
    std::string text = R"({"jsonrpc":"2.0")";
    append_member(text, "id", id);
    append_member(text, "method", quote_json(method));
    append_member(text, "params", params);
    return finish(std::move(text));
}

Message make_notification(std::string_view method, std::string_view params) {
    return make_request({}, method, params);
}

Message make_result(std::string_view id, std::string_view result) {
    std::string text = R"({"jsonrpc":"2.0")";
    append_member(text, "id", id);
    append_member(text, "result", result);
    return finish(std::move(text));
}

Message make_error(std::string_view id, int code, std::string_view text, std::string_view data) {
    std::string error = R"({"code":)" + std::to_string(code);
    append_member(error, "message", quote_json(text));
    append_member(error, "data", data);
    error += '}';
    std::string whole = R"({"jsonrpc":"2.0")";
    append_member(whole, "id", id);
    append_member(whole, "error", error);
    return finish(std::move(whole));
}

int json_rpc_code(const Error& error) noexcept {
    const bool servers_fault =
        error.source() == ErrorSource::upstream && error.code() == ErrorCode::too_large;
    return servers_fault ? json_rpc::kInternalError : json_rpc_code(error.code());
}

Message make_error(std::string_view id, const Error& error) {
    const std::string data = nlohmann::json{
        {"gateway", "shadowcat"},
        {"reason", name(error.code())},
        {"source",
         name(error.source())}}.dump();
    return make_error(id, json_rpc_code(error), error.message(), data);
}

}  // namespace shadowcat::sdk::inline v1
