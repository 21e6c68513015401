// SPDX-License-Identifier: Apache-2.0
// Origins are echoed, never `*`; of requested headers only MCP's are granted.
#include "cors.hpp"

namespace shadowcat::http {

namespace {

constexpr std::string_view kParameterPrefix = "mcp-param-";

bool is_token(std::string_view text) {
    return text.find_first_not_of(
               "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-.^_`|~") ==
           std::string_view::npos;
}

/// `Mcp-Param-…` has no wildcard, so what was asked for is named.
void append_parameter_headers(std::string& out, std::string_view requested) {
    while (!requested.empty()) {
        const auto [first, rest] = cut(requested, ',');
        const auto header = trim(first);
        const auto prefix = header.substr(0, kParameterPrefix.size());
        if (equals_ignoring_case(prefix, kParameterPrefix) && is_token(header)) {
            out.append(", ").append(header);
        }
        requested = rest;
    }
}

}  // namespace

void append_cors_fields(std::string& out, const RequestHead& head) {
    if (!head.origin.present()) return;
    out.append("Access-Control-Allow-Origin: ").append(head.origin.value());
    out.append(
        "\r\nAccess-Control-Expose-Headers: Mcp-Session-Id, WWW-Authenticate, Retry-After\r\n"
        "Vary: Origin\r\n");
}

void append_preflight_fields(std::string& out, const RequestHead& head) {
    out.append(
        "Access-Control-Allow-Methods: POST, GET, DELETE\r\n"
        "Access-Control-Allow-Headers: Authorization, Content-Type, Accept, MCP-Protocol-Version, "
        "Mcp-Session-Id, Last-Event-ID, Mcp-Method, Mcp-Name");
    append_parameter_headers(out, head.preflight_headers.value());
    out.append("\r\nAccess-Control-Max-Age: 600\r\n");
}

}  // namespace shadowcat::http
