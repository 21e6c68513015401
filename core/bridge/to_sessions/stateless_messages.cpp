// SPDX-License-Identifier: Apache-2.0
// Cutting out what one era has and the other hasn't.
#include "core/bridge/to_sessions/stateless_messages.hpp"

#include "shadowcat/sdk/json_edit.hpp"
#include "shadowcat/sdk/json_rpc.hpp"

#include "core/mcp/revisions.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>

namespace shadowcat::core {

namespace {

namespace json = shadowcat::sdk::json;

constexpr std::string_view kServerInfo = "io.modelcontextprotocol/serverInfo";
constexpr std::string_view kSubscription = "io.modelcontextprotocol/subscriptionId";
constexpr int kResourceNotFound = -32002;  // until 2025-11-25

constexpr std::array<std::string_view, 6> kCacheable = {
    "tools/list",     "prompts/list",   "resources/list", "resources/templates/list",
    "resources/read", "server/discover"};

bool is_cacheable(std::string_view method) { return std::ranges::count(kCacheable, method) != 0; }

/// A tool that must run as a task can't be called by a client without tasks.
std::string callable_tools(std::string_view result) {
    const std::string_view tools = json::member(result, "tools");
    std::string kept = "[";
    json::for_each_element(tools, [&](std::string_view tool) {
        if (json::unquote(json::at(tool, {"execution", "taskSupport"})) == "required") return;
        if (kept.size() > 1) kept += ',';
        kept += tool;
    });
    return json::with_member(result, "tools", kept += ']');
}

/// `_meta` of the result, with the server's name in it.
std::string result_meta(std::string_view meta, const ServerFacts& server) {
    if (server.info.empty()) return std::string(meta);
    return json::with_member(meta, kServerInfo, server.info);
}

std::string completed(std::string_view method, std::string_view result, const ServerFacts& server) {
    std::string_view meta;
    bool has_own = false;
    json::for_each_member(result, [&](std::string_view key, std::string_view value) {
        if (key == "_meta") meta = value;
        has_own |= key == "_meta" || key == "resultType" || key == "ttlMs" || key == "cacheScope";
    });
    const std::string merged = result_meta(meta, server);
    std::string text = R"({"resultType":"complete")";
    if (is_cacheable(method)) text += R"(,"ttlMs":0,"cacheScope":"private")";
    if (!merged.empty()) text.append(",\"_meta\":").append(merged);
    std::string cut;
    if (has_own) {
        cut = json::without_members(result, {"_meta", "resultType", "ttlMs", "cacheScope"});
        result = cut;
    }
    const std::size_t first = result.find_first_not_of(" \t\r\n", 1);
    if (result[first] != '}') text += ',';
    return text.append(result.substr(first));
}

/// Codes that this era forbids, or would take for something else.
int stateless_code(int code) {
    if (code == kResourceNotFound) return sdk::json_rpc::kInvalidParams;
    const bool reserved = code <= -32020 && code >= -32099;
    return reserved ? sdk::json_rpc::kInternalError : code;
}

sdk::Message stateless_error(const sdk::Message& response, std::string_view id) {
    const std::optional<int> code = sdk::error_code_of(response);
    sdk::Message answer = response;
    if (code && stateless_code(*code) != *code) {
        const std::string_view error = json::member(response.bytes(), "error");
        const std::string changed =
            json::with_member(error, "code", std::to_string(stateless_code(*code)));
        answer = as_message(json::with_member(response.bytes(), "error", changed));
    }
    answer.set_id(id);
    return answer;
}

/// Where `part`, a view into `whole`, stands in it.
std::size_t offset_in(std::string_view whole, std::string_view part) {
    return static_cast<std::size_t>(part.data() - whole.data());
}

/// Whether one of these can be a key in `text`: cheaper than to look for it, as it mostly isn't.
bool mentions(std::string_view text, std::initializer_list<std::string_view> words) {
    return std::ranges::any_of(
        words, [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

bool has_stateless_params(const sdk::Message& request) {
    const bool possible = may_ask_for_input(request.method()) &&
                          mentions(request.params(), {"inputResponses", "requestState", "task"});
    if (!possible) return false;
    bool found = false;
    json::for_each_member(request.params(), [&](std::string_view key, std::string_view) {
        found |= key == "inputResponses" || key == "requestState" || key == "task";
    });
    return found;
}

}  // namespace

bool may_ask_for_input(std::string_view method) noexcept {
    return method == "tools/call" || method == "prompts/get" || method == "resources/read";
}

bool brings_state(const sdk::Message& request) {
    return may_ask_for_input(request.method()) && mentions(request.params(), {"requestState"}) &&
           !json::member(request.params(), "requestState").empty();
}

std::string session_capabilities(std::string_view client_capabilities) {
    if (!json::is_object(client_capabilities)) return "{}";
    if (!mentions(client_capabilities, {"tasks", "extensions", "listChanged"})) {
        return std::string(client_capabilities);
    }
    const std::string kept = json::without_members(client_capabilities, {"tasks", "extensions"});
    const std::string_view roots = json::member(kept, "roots");
    if (json::member(roots, "listChanged").empty()) return kept;
    return json::with_member(kept, "roots", json::without_members(roots, {"listChanged"}));
}

std::string initialize_params(std::string_view capabilities, std::string_view client_info) {
    std::string text = R"({"protocolVersion":)" + sdk::quote_json(mcp::kNewestLegacy);
    text.append(",\"capabilities\":").append(capabilities).append(",\"clientInfo\":");
    const bool named = json::is_string(json::member(client_info, "name")) &&
                       json::is_string(json::member(client_info, "version"));
    if (!named) {
        client_info = R"({"name":"shadowcat","version":")" SHADOWCAT_VERSION R"("})";
    }
    return text.append(client_info) += '}';
}

sdk::Message to_session(const sdk::Message& request, std::string_view id) {
    if (has_stateless_params(request)) {
        const std::string params =
            json::without_members(request.params(), {"inputResponses", "requestState", "task"});
        const sdk::Message plain = as_message(json::with_member(request.bytes(), "params", params));
        if (!has_stateless_params(plain)) return to_session(plain, id);
    }
    const std::string meta = json::without_members(
        request.meta(),
        {"io.modelcontextprotocol/protocolVersion", "io.modelcontextprotocol/clientInfo",
         "io.modelcontextprotocol/clientCapabilities", "io.modelcontextprotocol/logLevel"});
    std::string text = request.bytes();
    if (!meta.empty()) {
        text.replace(offset_in(request.bytes(), request.meta()), request.meta().size(), meta);
    }
    sdk::Message plain = as_message(std::move(text));
    plain.set_id(id);
    plain.set_progress_token(id);
    return plain;
}

sdk::Message stateless_result(std::string_view id, std::string_view method, std::string_view result,
                              const ServerFacts& server) {
    return sdk::make_result(id, completed(method, result, server));
}

sdk::Message to_stateless(const sdk::Message& response, std::string_view id,
                          std::string_view method, const ServerFacts& server) {
    if (response.kind() == sdk::MessageKind::error) return stateless_error(response, id);
    const std::string_view result = json::member(response.bytes(), "result");
    if (!json::is_object(result)) {
        return sdk::make_error(id, sdk::json_rpc::kInternalError,
                               "the server's result is no object");
    }
    const bool may_hide =
        method == "tools/list" && result.find("taskSupport") != std::string_view::npos;
    if (may_hide) return stateless_result(id, method, callable_tools(result), server);
    return stateless_result(id, method, result, server);
}

sdk::Message input_required(std::string_view id, std::string_view questions, std::string_view state,
                            const ServerFacts& server) {
    std::string result = R"({"resultType":"input_required","inputRequests":)";
    result.append(questions).append(",\"requestState\":").append(sdk::quote_json(state));
    const std::string meta = result_meta({}, server);
    if (!meta.empty()) result.append(",\"_meta\":").append(meta);
    return sdk::make_result(id, result += '}');
}

sdk::Message visits_declined(std::string_view id, std::string_view method) {
    constexpr std::string_view why = "the user did not visit the URL that the server asked for";
    if (method != "tools/call") {
        return sdk::make_error(id, sdk::json_rpc::kInternalError, why);
    }
    const std::string content =
        R"({"content":[{"type":"text","text":)" + sdk::quote_json(why) + R"(}],"isError":true})";
    return stateless_result(id, method, content, ServerFacts());
}

sdk::Message listen_ended(std::string_view id, const ServerFacts& server) {
    const std::string meta = json::with_member("{}", kSubscription, id);
    const std::string result = json::with_member("{}", "_meta", meta);
    return stateless_result(id, "subscriptions/listen", result, server);
}

sdk::Message as_message(std::string text) {
    const sdk::ParseLimits unbounded(text.size() + 1, 1024);
    return sdk::Message::parse(std::move(text), unbounded).value();
}

}  // namespace shadowcat::core
