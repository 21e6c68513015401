// SPDX-License-Identifier: Apache-2.0
// Builds the JSON-RPC messages a proxy says itself, and names the codes it uses.
#pragma once

#include "shadowcat/sdk/error.hpp"
#include "shadowcat/sdk/message.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace shadowcat::sdk::inline v1 {

/// JSON-RPC 2.0 error codes (section 5.1) that Shadowcat emits.
namespace json_rpc {
inline constexpr int kParseError = -32700;
inline constexpr int kInvalidRequest = -32600;
inline constexpr int kMethodNotFound = -32601;
inline constexpr int kInvalidParams = -32602;
inline constexpr int kInternalError = -32603;

// MCP 2026-07-28, basic, Error Codes.
inline constexpr int kHeaderMismatch = -32020;
inline constexpr int kMissingClientCapability = -32021;
inline constexpr int kUnsupportedProtocolVersion = -32022;
}  // namespace json_rpc

/// `text` as a JSON string with its quotes. Invalid UTF-8 becomes U+FFFD.
SHADOWCAT_API std::string quote_json(std::string_view text);

/// The code with which `code` appears in a JSON-RPC error object.
SHADOWCAT_API int json_rpc_code(ErrorCode code) noexcept;

/// The same, but never a code that blames the client for what a server did.
SHADOWCAT_API int json_rpc_code(const Error& error) noexcept;

/// The code of an error response; none for any other message, or when it has no readable one.
SHADOWCAT_API std::optional<int> error_code_of(const Message& response);

/// In all of these `id` is a JSON token as `Message::id()` gives it, and `params`, `result` and
/// `data` are JSON texts, taken as they are; empty leaves the member out.
SHADOWCAT_API Message make_request(std::string_view id, std::string_view method,
                                   std::string_view params = {});
SHADOWCAT_API Message make_notification(std::string_view method, std::string_view params = {});
SHADOWCAT_API Message make_result(std::string_view id, std::string_view result);

/// An empty `id` leaves the member out, as MCP wants it where the id could not be read.
SHADOWCAT_API Message make_error(std::string_view id, int code, std::string_view text,
                                 std::string_view data = {});

/// The response that tells a client about `error`: code by `json_rpc_code`, the message, and `data`
/// that names the gateway, the reason and the side at fault, so that it can't be mistaken for an
/// error of the server.
SHADOWCAT_API Message make_error(std::string_view id, const Error& error);

}  // namespace shadowcat::sdk::inline v1
