// SPDX-License-Identifier: Apache-2.0
// Cutting and pasting of params.
#include "core/bridge/to_stateless/session_request.hpp"

#include "shadowcat/sdk/json_edit.hpp"

#include <utility>

namespace shadowcat::core {

namespace json = sdk::json;

namespace {

constexpr std::string_view kReserved = "io.modelcontextprotocol/";
constexpr std::string_view kSpace = " \t\r\n";

/// Puts `members` in front of those of the object that begins at `brace`.
void insert_first(std::string& text, std::size_t brace, std::string members) {
    const bool empty = text[text.find_first_not_of(kSpace, brace + 1)] == '}';
    if (!empty) members += ',';
    text.insert(brace + 1, members);
}

std::string without_reserved(std::string_view meta) {
    return json::without_members(
        meta, {"io.modelcontextprotocol/protocolVersion", "io.modelcontextprotocol/clientInfo",
               "io.modelcontextprotocol/clientCapabilities", "io.modelcontextprotocol/logLevel"});
}

sdk::Result<sdk::Message> parsed(std::string text, std::size_t max_depth) {
    const sdk::ParseLimits limits(text.size(), max_depth);
    return sdk::Message::parse(std::move(text), limits);
}

std::string with_params(const sdk::Message& request, std::string_view params) {
    std::string text = request.bytes();
    const std::string_view old = request.params();
    if (old.empty()) {
        insert_first(text, text.find('{'), "\"params\":" + std::string(params));
    } else {
        text.replace(static_cast<std::size_t>(old.data() - request.bytes().data()), old.size(),
                     params);
    }
    return text;
}

/// The text of `request` with `members` in its `_meta`.
std::string with_meta(const sdk::Message& request, const std::string& members) {
    const std::string_view params = request.params();
    const std::string_view meta = request.meta();
    const std::string alone = "{" + members + "}";
    if (!json::is_object(params)) return with_params(request, "{\"_meta\":" + alone + "}");
    const auto position = [&](std::string_view part) {
        return static_cast<std::size_t>(part.data() - request.bytes().data());
    };
    std::string text = request.bytes();
    if (meta.empty()) {
        insert_first(text, position(params), "\"_meta\":" + alone);
    } else if (!json::is_object(meta)) {
        text.replace(position(meta), meta.size(), alone);
    } else {
        if (meta.find(kReserved) != std::string_view::npos) {
            text.replace(position(meta), meta.size(), without_reserved(meta));
        }
        insert_first(text, position(meta), members);
    }
    return text;
}

}  // namespace

sdk::Result<sdk::Message> stateless_request(const sdk::Message& request,
                                            const ClientProfile& client, std::size_t max_depth) {
    const bool has_task = request.params().find("\"task\"") != std::string_view::npos &&
                          !json::member(request.params(), "task").empty();
    if (!has_task) return parsed(with_meta(request, client.meta()), max_depth);
    const std::string params = json::without_members(request.params(), {"task"});
    const sdk::Result<sdk::Message> plain = parsed(with_params(request, params), max_depth);
    if (plain.has_error()) return plain;
    return parsed(with_meta(*plain, client.meta()), max_depth);
}

sdk::Result<sdk::Message> with_inputs(const sdk::Message& request, std::string_view id,
                                      std::string_view responses, std::string_view state,
                                      std::size_t max_depth) {
    std::string params =
        json::without_members(request.params(), {"inputResponses", "requestState"});
    if (!responses.empty()) params = json::with_member(params, "inputResponses", responses);
    if (!state.empty()) params = json::with_member(params, "requestState", state);
    sdk::Result<sdk::Message> again = parsed(with_params(request, params), max_depth);
    if (again.has_value()) again->set_id(id);
    return again;
}

std::string stateless_params(const ClientProfile& client, std::string_view members) {
    std::string text = "{\"_meta\":{" + client.meta() + "}";
    if (!members.empty()) text.append(",").append(members);
    return text += '}';
}

}  // namespace shadowcat::core
