// SPDX-License-Identifier: Apache-2.0
// Headers that must stand once and agree with the body.
#include "stateless_rules.hpp"

#include "text.hpp"

#include <algorithm>

namespace shadowcat::http {

namespace {

using Verdict = std::optional<Refusal>;

std::optional<std::string_view> value_of(const SingleHeader& header) {
    if (!header.present()) return std::nullopt;
    return header.value();
}

MirrorHeaders mirrors_in(const RequestHead& head) {
    MirrorHeaders mirrors;
    mirrors.version = value_of(head.protocol_version);
    mirrors.method = value_of(head.mcp_method);
    mirrors.name = value_of(head.mcp_name);
    return mirrors;
}

Reason reason_of(int code) {
    if (code == json_rpc::kHeaderMismatch) return Reason::header_mismatch;
    if (code == json_rpc::kUnsupportedProtocolVersion) return Reason::protocol_version;
    return Reason::message;
}

Refusal refuse(int code, std::string text, std::string data = {}) {
    Error error = downstream_error(ErrorCode::invalid_request, std::move(text));
    return Refusal(400, reason_of(code), std::move(error)).with_code(code, std::move(data));
}

Refusal mismatch(std::string text) { return refuse(json_rpc::kHeaderMismatch, std::move(text)); }

bool has_repeated(std::span<const MirroredHeader> headers) {
    for (std::size_t i = 1; i < headers.size(); ++i) {
        const auto same = [&](const MirroredHeader& each) {
            return equals_ignoring_case(each.name, headers[i].name);
        };
        if (std::ranges::any_of(headers.first(i), same)) return true;
    }
    return false;
}

Verdict check_repeated(const RequestHead& head) {
    const bool repeated = head.protocol_version.repeated() || head.mcp_method.repeated() ||
                          head.mcp_name.repeated() || has_repeated(head.mirrored);
    if (!repeated) return std::nullopt;
    return mismatch(
        "MCP-Protocol-Version, Mcp-Method, Mcp-Name and each Mcp-Param header may stand only once");
}

}  // namespace

Era era_of_post(const RequestHead& head, const Message& message, const Service& service) {
    const MirrorHeaders mirrors = mirrors_in(head);
    return era_of(message, &mirrors, service.stateless_revisions());
}

Verdict check_stateless_post(const RequestHead& head, const Message& message,
                             const Service& service) {
    if (message.is_response()) {
        return Refusal(400, Reason::message,
                       downstream_error(ErrorCode::invalid_request,
                                        "clients of this revision of MCP send no responses"));
    }
    if (Verdict refusal = check_repeated(head)) return refusal;
    const MirrorHeaders mirrors = mirrors_in(head);
    if (auto broken = check_stateless(message, &mirrors, service.stateless_revisions())) {
        return refuse(broken->code, std::move(broken->message), std::move(broken->data));
    }
    if (message.method() != "tools/call") return std::nullopt;
    auto differs = service.mirror_mismatch(message, head.mirrored);
    if (!differs) return std::nullopt;
    return mismatch(*std::move(differs));
}

std::string revisions_to_try(std::span<const std::string_view> served, std::string_view requested) {
    std::string data = R"({"supported":[)";
    for (const std::string_view& each : served)
        data.append(&each == served.data() ? "" : ",").append(quote_json(each));
    return data.append(R"(],"requested":)").append(quote_json(requested)).append("}");
}

}  // namespace shadowcat::http
