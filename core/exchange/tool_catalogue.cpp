// SPDX-License-Identifier: Apache-2.0
// Reading the annotations of a list of tools.
#include "core/exchange/tool_catalogue.hpp"

#include <nlohmann/json.hpp>

#include <mutex>

namespace shadowcat::core {

namespace {

using Json = nlohmann::json;

bool flag(const Json& annotations, const char* name) {
    const auto found = annotations.find(name);
    return found != annotations.end() && found->is_boolean() && found->get<bool>();
}

ToolHints hints_of(const Json& tool) {
    const auto annotations = tool.find("annotations");
    if (annotations == tool.end() || !annotations->is_object()) return ToolHints();
    return ToolHints(flag(*annotations, "readOnlyHint"), flag(*annotations, "idempotentHint"));
}

const Json* tools_in(const Json& document) {
    const auto result = document.find("result");
    if (result == document.end() || !result->is_object()) return nullptr;
    const auto tools = result->find("tools");
    return tools != result->end() && tools->is_array() ? &*tools : nullptr;
}

}  // namespace

void ToolCatalogue::learn(const sdk::Message& response) {
    if (response.kind() != sdk::MessageKind::result) return;
    const Json document = Json::parse(response.bytes(), nullptr, false);
    const Json* tools = tools_in(document);
    if (!tools) return;
    const std::unique_lock lock(mutex_);
    for (const Json& tool : *tools) {
        const bool named = tool.is_object() && tool.contains("name") && tool["name"].is_string();
        if (named) put(tool["name"].get<std::string>(), hints_of(tool));
    }
}

void ToolCatalogue::put(std::string name, const ToolHints& hints) {
    if (!hints.repeatable()) {
        tools_.erase(name);
    } else if (tools_.size() < kMaxTools || tools_.contains(name)) {
        tools_.insert_or_assign(std::move(name), hints);
    }
}

void ToolCatalogue::forget() {
    const std::unique_lock lock(mutex_);
    tools_.clear();
}

ToolHints ToolCatalogue::hints(std::string_view tool) const {
    const std::shared_lock lock(mutex_);
    const auto found = tools_.find(tool);
    return found == tools_.end() ? ToolHints() : found->second;
}

}  // namespace shadowcat::core
