// SPDX-License-Identifier: Apache-2.0
// Reading lists of tools, and cutting tools out of them.
#include "tool_schemas.hpp"

#include "shadowcat/sdk/json_edit.hpp"
#include "shadowcat/sdk/log.hpp"

#include <vector>

namespace shadowcat::http {

namespace {

constexpr std::size_t kMaxReported = 1000;
constexpr std::size_t kShownOfName = 128;

/// Escapes may hide the word; every other list has nothing to learn from.
bool may_hold_annotations(std::string_view text) {
    return text.find("x-mcp-header") != std::string_view::npos ||
           text.find("\\u") != std::string_view::npos;
}

bool is_complete(std::string_view result) {
    const std::string_view type = json::member(result, "resultType");
    return type.empty() || type == "\"complete\"";
}

void replace_tools(Message& answer, std::string_view result,
                   const std::vector<std::string_view>& tools) {
    std::string list = "[";
    for (const std::string_view tool : tools)
        list.append(list.size() > 1 ? "," : "").append(tool);
    list += ']';
    const std::string changed = json::with_member(result, "tools", list);
    std::string text = json::with_member(answer.bytes(), "result", changed);
    const ParseLimits same(text.size(), 1024);
    Result<Message> made = Message::parse(std::move(text), same);
    if (made.has_value()) answer = *std::move(made);
}

}  // namespace

void ToolSchemas::learn(Message& answer) {
    if (answer.kind() != MessageKind::result) return;
    if (tools_.empty() && !may_hold_annotations(answer.bytes())) return;
    const std::string_view result = json::member(answer.bytes(), "result");
    if (!is_complete(result)) return;
    std::vector<std::string_view> usable;
    bool all = true;
    json::for_each_element(json::member(result, "tools"), [&](std::string_view tool) {
        const bool good = learn_tool(tool);
        if (good) usable.push_back(tool);
        all = all && good;
    });
    if (!all) replace_tools(answer, result, usable);
}

bool ToolSchemas::learn_tool(std::string_view tool) {
    std::string name = json::unquote(json::member(tool, "name"));
    const std::string_view schema = json::member(tool, "inputSchema");
    auto read = MirroredParameters::read(schema);
    if (read.has_value() && !read->empty()) {
        remember(std::move(name), *std::move(read), schema.size());
        return true;
    }
    forget(name);
    if (read.has_error()) report(name, read.error());
    return read.has_value();
}

void ToolSchemas::remember(std::string name, MirroredParameters parameters, std::size_t bytes) {
    forget(name);
    tools_.emplace_front();
    Tool& tool = tools_.front();
    tool.name = std::move(name);
    tool.parameters = std::move(parameters);
    tool.bytes = tool.name.size() + bytes;
    by_name_.emplace(tool.name, tools_.begin());
    bytes_ += tool.bytes;
    while (tools_.size() > kMaxTools || bytes_ > kMaxBytes)
        forget(tools_.back().name);
}

void ToolSchemas::forget(std::string_view name) {
    const auto found = by_name_.find(name);
    if (found == by_name_.end()) return;
    const auto tool = found->second;
    by_name_.erase(found);
    bytes_ -= tool->bytes;
    tools_.erase(tool);
}

const MirroredParameters* ToolSchemas::find(std::string_view tool) const {
    const auto found = by_name_.find(tool);
    return found == by_name_.end() ? nullptr : &found->second->parameters;
}

void ToolSchemas::report(const std::string& name, const Error& why) {
    const std::string shown = name.substr(0, kShownOfName);
    if (reported_.size() >= kMaxReported || !reported_.insert(shown + "\n" + why.message()).second)
        return;
    log::warn("tool not offered", {{"upstream", upstream_}, {"tool", shown}, {"error", why}});
}

}  // namespace shadowcat::http
