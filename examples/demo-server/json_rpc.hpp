// SPDX-License-Identifier: Apache-2.0
// The JSON-RPC 2.0 messages that MCP is made of: kinds, errors and builders.
#pragma once

#include <nlohmann/json.hpp>

#include <stdexcept>
#include <string>
#include <string_view>

namespace demo {

using Json = nlohmann::ordered_json;

inline constexpr int kParseError = -32700;
inline constexpr int kInvalidRequest = -32600;
inline constexpr int kMethodNotFound = -32601;
inline constexpr int kInvalidParams = -32602;
inline constexpr int kInternalError = -32603;
inline constexpr int kResourceNotFound = -32002;

/// An error that becomes the JSON-RPC error object of an answer.
class RpcError : public std::runtime_error {
public:
    RpcError(int code, const std::string& message, Json data = nullptr);

    Json to_json() const;

private:
    int code_;
    Json data_;
};

enum class Kind { kRequest, kNotification, kResponse, kInvalid };

Kind kind_of(const Json& message);

/// Throws RpcError for text that is not JSON or is nested absurdly deep.
Json parse_message(std::string_view line);

/// Where a request's id is unusable (`null`, fractional, an object), the answer carries none.
bool is_id(const Json& id);

Json make_request(const Json& id, std::string_view method, Json params);
Json make_notification(std::string_view method, Json params);
Json make_result(const Json& id, Json result);
Json make_error(const Json& id, const RpcError& error);

/// `params` of a message, an empty object where it has none.
const Json& params_of(const Json& message);

/// `_meta` of a request's parameters, an empty object where it has none.
const Json& meta_of(const Json& request);

/// A member that must be a string; RpcError -32602 names it when it is not.
std::string string_param(const Json& params, std::string_view key);

}  // namespace demo
