// SPDX-License-Identifier: Apache-2.0
// Semantic conventions for MCP (status: development, July 2026), as far as a record knows.
#include "span_attributes.hpp"

#include "otlp_json.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace shadowcat::otlp {

using sdk::Json;

namespace {

/// Parse error, invalid request, method not found, invalid params, resource not found.
constexpr std::array<int, 5> kFaultsOfClients = {-32700, -32600, -32601, -32602, -32002};

bool names_tool(const Span& span) { return span.method() == "tools/call"; }
bool names_prompt(const Span& span) { return span.method() == "prompts/get"; }

void add(Json& list, const char* key, std::string_view value) {
    if (!value.empty()) list.push_back(text_attribute(key, value));
}

/// A query may hold a key.
std::string_view without_query(std::string_view uri) {
    return uri.substr(0, uri.find_first_of("?#"));
}

void add_target(Json& list, const Span& span) {
    if (names_tool(span)) {
        add(list, "gen_ai.operation.name", "execute_tool");
        add(list, "gen_ai.tool.name", span.name());
    } else if (names_prompt(span)) {
        add(list, "gen_ai.prompt.name", span.name());
    } else if (span.method().starts_with("resources/")) {
        add(list, "mcp.resource.uri", without_query(span.name()));
    }
}

/// `127.0.0.1:41234`, `[::1]:41234`
void add_peer(Json& list, std::string_view peer) {
    const std::size_t colon = peer.rfind(':');
    std::string_view address = peer.substr(0, colon);
    if (address.starts_with('[') && address.ends_with(']'))
        address = address.substr(1, address.size() - 2);
    add(list, "client.address", address);
    if (colon == std::string_view::npos) return;
    const std::string_view digits = peer.substr(colon + 1);
    std::uint16_t port = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (port != 0) list.push_back(number_attribute("client.port", port));
}

/// Only HTTP has a status.
void add_transport(Json& list, const Span& span) {
    if (span.status == 0) return;
    list.push_back(number_attribute("http.response.status_code", span.status));
    add(list, "network.protocol.name", "http");
    add(list, "network.transport", "tcp");
}

void add_error(Json& list, const Span& span) {
    const std::string code = std::to_string(span.error_code);
    if (span.error_code != 0) add(list, "rpc.response.status_code", code);
    if (span_error(span).empty()) return;
    const std::string_view word = span.error_code != 0 ? std::string_view(code) : "_OTHER";
    add(list, "error.type", span.reason().empty() ? word : span.reason());
}

void add_our_own(Json& list, const Span& span) {
    add(list, "shadowcat.session", span.session());
    add(list, "shadowcat.upstream", span.upstream());
    add(list, "shadowcat.outcome", span.outcome());
    add(list, "shadowcat.reason", span.reason());
    list.push_back(number_attribute("shadowcat.attempts", span.attempts));
    const auto bytes = [&](const char* key, std::uint64_t count) {
        list.push_back(number_attribute(key, static_cast<std::int64_t>(count)));
    };
    bytes("shadowcat.request.size", span.bytes_in);
    bytes("shadowcat.response.size", span.bytes_out);
    if (span.first_reply.count() > 0)
        list.push_back(number_attribute("shadowcat.first_reply_ns", span.first_reply.count()));
}

bool is_server_error(const Span& span) {
    return span.error_code != 0 &&
           std::ranges::find(kFaultsOfClients, span.error_code) == kFaultsOfClients.end();
}

}  // namespace

std::string span_name(const Span& span) {
    if (span.method().empty()) return "unreadable request";
    std::string name(span.method());
    const bool named = names_tool(span) || names_prompt(span);
    if (named && !span.name().empty()) name.append(" ").append(span.name());
    return name;
}

Json span_attributes(const Span& span) {
    Json list = Json::array();
    add(list, "mcp.method.name", span.method());
    add_target(list, span);
    add_error(list, span);
    add_peer(list, span.peer());
    add(list, "enduser.id", span.principal());
    add_transport(list, span);
    add_our_own(list, span);
    return list;
}

std::string span_error(const Span& span) {
    if (span.outcome() == "failed")
        return span.reason().empty() ? "failed" : std::string(span.reason());
    if (span.outcome() == "refused" && span.status >= 500)
        return span.reason().empty() ? "refused" : std::string(span.reason());
    if (span.outcome() == "error" && is_server_error(span))
        return "JSON-RPC error " + std::to_string(span.error_code);
    return {};
}

}  // namespace shadowcat::otlp
