// SPDX-License-Identifier: Apache-2.0
// What a tool is, and helpers for its arguments and results.
#include "tool.hpp"

#include <utility>

namespace demo {

Json describe_tool(std::string_view description, Json properties, Json required, bool read_only) {
    Json schema = {{"type", "object"}, {"properties", std::move(properties)}};
    if (!required.empty()) schema["required"] = std::move(required);
    Json annotations = {{"readOnlyHint", read_only}, {"openWorldHint", false}};
    if (!read_only) annotations["destructiveHint"] = false;
    return {{"description", description},
            {"inputSchema", std::move(schema)},
            {"annotations", std::move(annotations)}};
}

Json text_result(const std::string& text) {
    Json content = {{"type", "text"}, {"text", text}};
    return {{"content", Json::array({std::move(content)})}};
}

Json error_result(const std::string& text) {
    Json result = text_result(text);
    result["isError"] = true;
    return result;
}

std::int64_t integer_argument(const Json& arguments, std::string_view key, std::int64_t fallback,
                              std::int64_t max) {
    const auto value = arguments.find(key);
    if (value == arguments.end()) return fallback;
    const bool in_range = value->is_number_unsigned() &&
                          value->get<std::uint64_t>() <= static_cast<std::uint64_t>(max);
    if (!in_range) {
        throw BadArguments("\"" + std::string(key) + "\" must be an integer from 0 to " +
                           std::to_string(max));
    }
    return value->get<std::int64_t>();
}

std::string text_argument(const Json& arguments, std::string_view key, std::string_view fallback) {
    const auto value = arguments.find(key);
    if (value == arguments.end()) return std::string(fallback);
    if (!value->is_string()) throw BadArguments("\"" + std::string(key) + "\" must be a string");
    return value->get<std::string>();
}

}  // namespace demo
