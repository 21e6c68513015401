// SPDX-License-Identifier: Apache-2.0
// Semantic conventions for MCP (status: development, July 2026), as far as a record knows.
#include "span_attributes.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace shadowcat::otlp {

namespace {

/// Parse error, invalid request, method not found, invalid params, resource not found.
constexpr std::array<int, 5> kFaultsOfClients = {-32700, -32600, -32601, -32602, -32002};

bool names_tool(const Span& span) { return span.method() == "tools/call"; }
bool names_prompt(const Span& span) { return span.method() == "prompts/get"; }

/// A query may hold a key.
std::string_view without_query(std::string_view uri) {
    return uri.substr(0, uri.find_first_of("?#"));
}

void add_target(AttributeWriter& list, const Span& span) {
    if (names_tool(span)) {
        list.text("gen_ai.operation.name", "execute_tool");
        list.text("gen_ai.tool.name", span.name());
    } else if (names_prompt(span)) {
        list.text("gen_ai.prompt.name", span.name());
    } else if (span.method().starts_with("resources/")) {
        list.text("mcp.resource.uri", without_query(span.name()));
    }
}

/// `127.0.0.1:41234`, `[::1]:41234`
void add_peer(AttributeWriter& list, std::string_view peer) {
    const std::size_t colon = peer.rfind(':');
    std::string_view address = peer.substr(0, colon);
    if (address.starts_with('[') && address.ends_with(']'))
        address = address.substr(1, address.size() - 2);
    list.text("client.address", address);
    if (colon == std::string_view::npos) return;
    const std::string_view digits = peer.substr(colon + 1);
    std::uint16_t port = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (port != 0) list.number("client.port", port);
}

/// Only HTTP has a status.
void add_transport(AttributeWriter& list, const Span& span) {
    if (span.status == 0) return;
    list.number("http.response.status_code", span.status);
    list.text("network.protocol.name", "http");
    list.text("network.transport", "tcp");
}

void add_error(AttributeWriter& list, const Span& span) {
    const std::string code = std::to_string(span.error_code);
    if (span.error_code != 0) list.text("rpc.response.status_code", code);
    if (span_error(span).empty()) return;
    const std::string_view word = span.error_code != 0 ? std::string_view(code) : "_OTHER";
    list.text("error.type", span.reason().empty() ? word : span.reason());
}

void add_our_own(AttributeWriter& list, const Span& span) {
    list.text("shadowcat.session", span.session());
    list.text("shadowcat.upstream", span.upstream());
    list.text("shadowcat.outcome", span.outcome());
    list.text("shadowcat.reason", span.reason());
    list.number("shadowcat.attempts", span.attempts);
    const auto bytes = [&](const char* key, std::uint64_t count) {
        list.number(key, static_cast<std::int64_t>(count));
    };
    bytes("shadowcat.request.size", span.bytes_in);
    bytes("shadowcat.response.size", span.bytes_out);
    if (span.first_reply.count() > 0)
        list.number("shadowcat.first_reply_ns", span.first_reply.count());
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

void write_attributes(const Span& span, AttributeWriter& list) {
    list.text("mcp.method.name", span.method());
    add_target(list, span);
    add_error(list, span);
    add_peer(list, span.peer());
    list.text("enduser.id", span.principal());
    add_transport(list, span);
    add_our_own(list, span);
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
