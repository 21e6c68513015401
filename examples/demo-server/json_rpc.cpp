// SPDX-License-Identifier: Apache-2.0
// The JSON-RPC 2.0 messages that MCP is made of: kinds, errors and builders.
#include "json_rpc.hpp"

#include <utility>

namespace demo {
namespace {

constexpr int kMaxDepth = 256;

bool refuse_depth(int depth, Json::parse_event_t, Json&) {
    if (depth > kMaxDepth) throw RpcError(kParseError, "Parse error: nested too deeply");
    return true;
}

bool has_valid_params(const Json& message) {
    const auto params = message.find("params");
    return params == message.end() || params->is_structured();
}

const Json& empty_object() {
    static const Json kEmpty = Json::object();
    return kEmpty;
}

Json envelope() { return {{"jsonrpc", "2.0"}}; }

}  // namespace

RpcError::RpcError(int code, const std::string& message, Json data)
    : std::runtime_error(message), code_(code), data_(std::move(data)) {}

Json RpcError::to_json() const {
    Json error = {{"code", code_}, {"message", what()}};
    if (!data_.is_null()) error["data"] = data_;
    return error;
}

bool is_id(const Json& id) { return id.is_string() || id.is_number_integer(); }

Kind kind_of(const Json& message) {
    if (!message.is_object() || message.value("jsonrpc", Json()) != "2.0") return Kind::kInvalid;
    const auto id = message.find("id");
    if (id != message.end() && !is_id(*id)) return Kind::kInvalid;
    const auto method = message.find("method");
    if (method == message.end()) {
        const bool answers = message.contains("result") || message.contains("error");
        return answers && id != message.end() ? Kind::kResponse : Kind::kInvalid;
    }
    if (!method->is_string() || !has_valid_params(message)) return Kind::kInvalid;
    return id == message.end() ? Kind::kNotification : Kind::kRequest;
}

Json parse_message(std::string_view line) {
    try {
        return Json::parse(line, refuse_depth);
    } catch (const Json::parse_error&) {
        throw RpcError(kParseError, "Parse error: the line is not JSON");
    }
}

Json make_request(const Json& id, std::string_view method, Json params) {
    Json message = envelope();
    message["id"] = id;
    message["method"] = method;
    message["params"] = std::move(params);
    return message;
}

Json make_notification(std::string_view method, Json params) {
    Json message = envelope();
    message["method"] = method;
    if (!params.empty()) message["params"] = std::move(params);
    return message;
}

Json make_result(const Json& id, Json result) {
    Json message = envelope();
    message["id"] = id;
    message["result"] = std::move(result);
    return message;
}

Json make_error(const Json& id, const RpcError& error) {
    Json message = envelope();
    if (is_id(id)) message["id"] = id;
    message["error"] = error.to_json();
    return message;
}

const Json& params_of(const Json& message) {
    const auto params = message.find("params");
    return params == message.end() ? empty_object() : *params;
}

const Json& meta_of(const Json& request) {
    const Json& params = params_of(request);
    const auto meta = params.find("_meta");
    return meta == params.end() || !meta->is_object() ? empty_object() : *meta;
}

std::string string_param(const Json& params, std::string_view key) {
    const auto value = params.find(key);
    if (value == params.end() || !value->is_string()) {
        throw RpcError(kInvalidParams, "Invalid params: \"" + std::string(key) +
                                           "\" is required and must be a string");
    }
    return value->get<std::string>();
}

}  // namespace demo
