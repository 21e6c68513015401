// SPDX-License-Identifier: Apache-2.0
// Reading the input schemas of a list of tools.
#include "core/stateless/parameter_schemas.hpp"

#include "shadowcat/sdk/json_edit.hpp"

#include <mutex>

namespace shadowcat::core {

namespace json = sdk::json;

void ParameterSchemas::learn(const sdk::Message& response) {
    const bool mirrors = response.bytes().find("x-mcp-header") != std::string::npos;
    if (!mirrors && !any_) return;
    const std::unique_lock lock(mutex_);
    json::for_each_element(
        json::at(response.bytes(), {"result", "tools"}), [&](std::string_view tool) {
            auto read = sdk::MirroredParameters::read(json::member(tool, "inputSchema"));
            Schema schema;
            if (read.has_value() && !read->empty()) {
                schema = std::make_shared<const sdk::MirroredParameters>(*std::move(read));
            }
            put(json::unquote(json::member(tool, "name")), std::move(schema));
        });
    any_ = !tools_.empty();
}

void ParameterSchemas::put(std::string name, Schema schema) {
    if (!schema) {
        tools_.erase(name);
    } else if (tools_.size() < kMaxTools || tools_.contains(name)) {
        tools_.insert_or_assign(std::move(name), std::move(schema));
    }
}

std::shared_ptr<const sdk::MirroredParameters> ParameterSchemas::find(std::string_view tool) const {
    if (!any_) return nullptr;
    const std::shared_lock lock(mutex_);
    const auto found = tools_.find(tool);
    return found == tools_.end() ? nullptr : found->second;
}

}  // namespace shadowcat::core
