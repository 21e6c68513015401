// SPDX-License-Identifier: Apache-2.0
// What is left out of results, and what is put in its place.
#include "core/bridge/to_stateless/session_result.hpp"

#include "shadowcat/sdk/json_edit.hpp"
#include "shadowcat/sdk/json_rpc.hpp"
#include "shadowcat/sdk/log.hpp"
#include "shadowcat/sdk/version.hpp"

#include "core/bridge/to_stateless/text_edits.hpp"
#include "core/mcp/revisions.hpp"

namespace shadowcat::core {

namespace json = sdk::json;

namespace {

constexpr std::string_view kOwnInfo =
    R"({"name":"shadowcat","version":")" SHADOWCAT_SDK_VERSION R"("})";

ResultType type_of(std::string_view token) {
    const std::string type = json::unquote(token);
    if (type == "complete") return ResultType::complete;
    return type == "input_required" ? ResultType::input_required : ResultType::unknown;
}

/// JSON text without white space between its tokens.
std::string compact(std::string_view text) {
    std::string shorter;
    bool in_string = false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (c == '"') in_string = !in_string;
        if (in_string && c == '\\') shorter += text[at++];
        if (in_string || (c != ' ' && c != '\t' && c != '\r' && c != '\n')) shorter += text[at];
    }
    return shorter;
}

bool has_text(std::string_view content, const std::string& wanted) {
    bool found = false;
    json::for_each_element(content, [&](std::string_view block) {
        const std::string_view text = json::member(block, "text");
        found = found || (!text.empty() && compact(json::unquote(text)) == wanted);
    });
    return found;
}

/// Clients of sessions know only objects as structured content; the text remains.
void move_to_text(TextEdits& edits, const StatelessResult& result) {
    edits.cut("structuredContent", result.structured);
    const std::string value = compact(result.structured);
    if (has_text(result.content, value)) return;
    const std::string block = R"({"type":"text","text":)" + sdk::quote_json(value) + "}";
    if (!json::is_array(result.content)) {
        return edits.add(result.whole, "\"content\":[" + block + "]");
    }
    const std::string_view inside = result.content.substr(1, result.content.size() - 2);
    const bool empty = inside.find_first_not_of(" \t\r\n") == std::string_view::npos;
    edits.replace(inside, std::string(inside) + (empty ? "" : ",") + block);
}

/// Clients of sessions want a schema whose root is an object, or none.
void drop_output_schemas(TextEdits& edits, std::string_view tools) {
    if (tools.find("outputSchema") == std::string_view::npos) return;
    json::for_each_element(tools, [&](std::string_view tool) {
        const std::string_view schema = json::member(tool, "outputSchema");
        const bool known = json::unquote(json::member(schema, "type")) == "object";
        if (!schema.empty() && !known) edits.cut("outputSchema", schema);
    });
}

sdk::Message refused(const sdk::Message& response, std::string_view why) {
    return sdk::make_error(response.id(), sdk::json_rpc::kInternalError, why,
                           R"({"gateway":"shadowcat"})");
}

/// Errors about the bridge's own words are none of the client's business.
std::optional<sdk::Message> error_to_session(const sdk::Message& response) {
    switch (sdk::error_code_of(response).value_or(0)) {
        case sdk::json_rpc::kHeaderMismatch:
            return refused(response, "the server refused the headers of the gateway's request");
        case sdk::json_rpc::kUnsupportedProtocolVersion:
            return refused(response, "the server no longer supports the gateway's revision");
        default:
            return std::nullopt;
    }
}

}  // namespace

StatelessResult::StatelessResult(const sdk::Message& response) {
    if (response.kind() != sdk::MessageKind::result) return;
    whole = json::member(response.bytes(), "result");
    json::for_each_member(whole, [this](std::string_view key, std::string_view value) {
        if (key == "resultType") {
            type = type_of(value);
            hints.emplace_back("resultType", value);
        } else if (key == "ttlMs") {
            hints.emplace_back("ttlMs", value);
        } else if (key == "cacheScope") {
            hints.emplace_back("cacheScope", value);
        } else if (key == "inputRequests") {
            input_requests = value;
        } else if (key == "requestState") {
            request_state = value;
        } else if (key == "structuredContent") {
            structured = value;
        } else if (key == "content") {
            content = value;
        } else if (key == "tools") {
            tools = value;
        }
    });
}

std::optional<sdk::Message> session_response(const sdk::Message& response,
                                             const StatelessResult& result, std::string_view method,
                                             std::size_t max_depth) {
    if (response.kind() == sdk::MessageKind::error) return error_to_session(response);
    if (result.type != ResultType::complete || !json::is_object(result.whole)) {
        sdk::log::warn("result of an unknown type", {{"method", method}});
        return refused(response, "the server answered with a result of an unknown type");
    }
    TextEdits edits(response.bytes());
    for (const auto& [key, value] : result.hints)
        edits.cut(key, value);
    if (method == "tools/list") drop_output_schemas(edits, result.tools);
    const bool no_object = !result.structured.empty() && !json::is_object(result.structured);
    if (method == "tools/call" && no_object) move_to_text(edits, result);
    if (edits.empty()) return std::nullopt;
    std::string text = edits.apply();
    const sdk::ParseLimits limits(text.size(), max_depth);
    sdk::Result<sdk::Message> translated = sdk::Message::parse(std::move(text), limits);
    if (translated.has_value()) return *std::move(translated);
    return refused(response, "the server's result could not be translated");
}

std::string initialize_result(std::string_view discovered, std::string_view asked) {
    const std::string_view capabilities = json::member(discovered, "capabilities");
    const std::string_view instructions = json::member(discovered, "instructions");
    std::string_view info = json::at(discovered, {"_meta", "io.modelcontextprotocol/serverInfo"});
    const bool complete = json::is_string(json::member(info, "name")) &&
                          json::is_string(json::member(info, "version"));
    if (!complete) info = kOwnInfo;
    std::string text = R"({"protocolVersion":")";
    text.append(mcp::is_legacy(asked) ? asked : mcp::kNewestLegacy).append(R"(","capabilities":)");
    text.append(json::is_object(capabilities)
                    ? json::without_members(capabilities, {"tasks", "extensions"})
                    : "{}");
    text.append(R"(,"serverInfo":)").append(info);
    if (json::is_string(instructions)) text.append(R"(,"instructions":)").append(instructions);
    return text += '}';
}

sdk::Message without_subscription(sdk::Message notification, std::size_t max_depth) {
    constexpr std::string_view kId = "io.modelcontextprotocol/subscriptionId";
    const std::string_view params = notification.params();
    const std::string_view meta = notification.meta();
    if (meta.find(kId) == std::string_view::npos) return notification;
    const std::string rest = json::without_members(meta, {kId});
    TextEdits edits(notification.bytes());
    if (rest != "{}") {
        edits.replace(meta, rest);
    } else {
        edits.replace(params, json::without_members(params, {"_meta"}));
    }
    std::string text = edits.apply();
    const sdk::ParseLimits limits(text.size(), max_depth);
    sdk::Result<sdk::Message> plain = sdk::Message::parse(std::move(text), limits);
    return plain.has_value() ? *std::move(plain) : notification;
}

}  // namespace shadowcat::core
