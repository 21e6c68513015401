// SPDX-License-Identifier: Apache-2.0
// The prompt `greet`, and completion of the names that it and the greeting template take.
#include "prompts.hpp"

#include "resources.hpp"

#include <array>
#include <string>
#include <string_view>

namespace demo {
namespace {

constexpr std::array<std::string_view, 8> kNames = {"Ada",    "Alan",  "Barbara", "Bjarne",
                                                    "Dennis", "Grace", "Ken",     "Margaret"};

const Json& object_param(const Json& params, std::string_view key) {
    const auto value = params.find(key);
    if (value == params.end() || !value->is_object()) {
        throw RpcError(kInvalidParams, "Invalid params: \"" + std::string(key) +
                                           "\" is required and must be an object");
    }
    return *value;
}

bool takes_a_name(const Json& ref) {
    const std::string type = string_param(ref, "type");
    if (type == "ref/prompt") return string_param(ref, "name") == "greet";
    return type == "ref/resource" && string_param(ref, "uri") == kGreetingTemplate;
}

Json names_that_start_with(std::string_view prefix) {
    Json values = Json::array();
    for (const std::string_view name : kNames) {
        if (name.starts_with(prefix)) values.push_back(name);
    }
    return values;
}

}  // namespace

Json list_prompts() {
    Json argument = {{"name", "name"}, {"description", "Who is greeted"}, {"required", true}};
    Json prompt = {{"name", "greet"},
                   {"description", "Asks the model to greet somebody"},
                   {"arguments", Json::array({argument})}};
    return {{"prompts", Json::array({prompt})}};
}

Json get_prompt(const Json& params) {
    const std::string name = string_param(params, "name");
    if (name != "greet") throw RpcError(kInvalidParams, "Unknown prompt: " + name);
    const std::string who = string_param(object_param(params, "arguments"), "name");
    Json content = {{"type", "text"}, {"text", "Please greet " + who + " warmly."}};
    Json message = {{"role", "user"}, {"content", content}};
    return {{"description", "A greeting for " + who}, {"messages", Json::array({message})}};
}

Json complete(const Json& params) {
    const Json& argument = object_param(params, "argument");
    if (!takes_a_name(object_param(params, "ref")) || string_param(argument, "name") != "name") {
        throw RpcError(kInvalidParams, "Invalid params: nothing to complete there");
    }
    const Json values = names_that_start_with(string_param(argument, "value"));
    return {{"completion", {{"values", values}, {"total", values.size()}, {"hasMore", false}}}};
}

}  // namespace demo
