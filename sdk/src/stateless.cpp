// SPDX-License-Identifier: Apache-2.0
// The rules of the stateless era for one request.
#include "shadowcat/sdk/stateless.hpp"

#include "shadowcat/sdk/json_edit.hpp"
#include "shadowcat/sdk/json_rpc.hpp"
#include "shadowcat/sdk/mirrored_headers.hpp"

#include <algorithm>

namespace shadowcat::sdk::inline v1 {

namespace {

using Verdict = std::optional<StatelessRefusal>;
using Served = std::span<const std::string_view>;

bool contains(Served served, std::string_view version) {
    return std::ranges::find(served, version) != served.end();
}

StatelessRefusal mismatch(std::string text) {
    return StatelessRefusal(json_rpc::kHeaderMismatch, std::move(text));
}

StatelessRefusal invalid_params(std::string text) {
    return StatelessRefusal(json_rpc::kInvalidParams, std::move(text));
}

/// MCP 2026-07-28, basic/versioning: which revisions to try instead.
StatelessRefusal unsupported(std::string_view version, Served served) {
    std::string data = R"({"supported":[)";
    for (const std::string_view& each : served)
        data.append(&each == served.data() ? "" : ",").append(quote_json(each));
    data.append(R"(],"requested":)").append(quote_json(version)).append("}");
    return StatelessRefusal(json_rpc::kUnsupportedProtocolVersion, "unsupported protocol version",
                            std::move(data));
}

/// The version in `_meta`, escapes resolved; empty when it is missing or no string.
std::string meta_version(const Message& message) {
    const std::string_view raw = message.meta_version();
    if (raw.find('\\') == std::string_view::npos) return std::string(raw);
    return json::unquote(std::string("\"").append(raw).append("\""));
}

Verdict check_meta(const Message& request, std::string_view version) {
    if (!json::is_object(request.meta())) {
        return invalid_params("params._meta is required, and must be an object");
    }
    if (version.empty()) {
        return invalid_params(
            "params._meta: io.modelcontextprotocol/protocolVersion is required, as a string");
    }
    if (!json::is_object(request.client_capabilities())) {
        return invalid_params(
            "params._meta: io.modelcontextprotocol/clientCapabilities is required, as an object");
    }
    return std::nullopt;
}

Verdict check_method(const Message& message, const MirrorHeaders& headers) {
    if (!headers.method) {
        if (message.is_notification()) return std::nullopt;
        return mismatch("Mcp-Method header required");
    }
    if (*headers.method == message.method()) return std::nullopt;
    return mismatch("the Mcp-Method header and the body's method differ");
}

Verdict check_name(const Message& message, const MirrorHeaders& headers) {
    const std::optional<std::string_view> name = mirrored_name(message);
    if (!name) return std::nullopt;
    if (!headers.name) {
        if (message.is_notification()) return std::nullopt;
        return mismatch("Mcp-Name header required");
    }
    const std::optional<std::string> decoded = decode_mirrored(*headers.name);
    if (!decoded) return mismatch("the Mcp-Name header can't be decoded");
    if (*decoded == *name) return std::nullopt;
    return mismatch("the Mcp-Name header and the body's name differ");
}

Verdict check_mirrors(const Message& message, const MirrorHeaders* headers) {
    if (!headers) return std::nullopt;
    if (Verdict refused = check_method(message, *headers)) return refused;
    return check_name(message, *headers);
}

Verdict check_versions(std::string_view of_header, std::string_view of_meta) {
    if (of_header == of_meta) return std::nullopt;
    return mismatch("the MCP-Protocol-Version header and params._meta name different revisions");
}

/// Neither `_meta` nor headers are required of it.
Verdict check_notification(const Message& notification, const MirrorHeaders* headers,
                           std::string_view version) {
    if (headers && headers->version && !version.empty()) {
        if (Verdict refused = check_versions(*headers->version, version)) return refused;
    }
    return check_mirrors(notification, headers);
}

}  // namespace

Era era_of(const Message& message, const MirrorHeaders* headers, Served stateless) noexcept {
    if (stateless.empty()) return Era::session;  // messages pass as they come
    if (message.is_stateless()) return Era::stateless;
    const bool named = headers && headers->version && contains(stateless, *headers->version);
    return named ? Era::stateless : Era::session;
}

Verdict check_stateless(const Message& request, const MirrorHeaders* headers, Served served) {
    if (request.is_response()) return std::nullopt;
    const std::string version = meta_version(request);
    if (request.is_notification()) return check_notification(request, headers, version);
    if (headers && !headers->version) return mismatch("MCP-Protocol-Version header required");
    if (Verdict refused = check_meta(request, version)) return refused;
    if (headers) {
        if (Verdict refused = check_versions(*headers->version, version)) return refused;
    }
    if (!contains(served, version)) return unsupported(version, served);
    return check_mirrors(request, headers);
}

}  // namespace shadowcat::sdk::inline v1
