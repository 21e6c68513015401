// SPDX-License-Identifier: Apache-2.0
// Which questions are allowed.
#include "core/bridge/to_sessions/declared_input.hpp"

#include "shadowcat/sdk/json_edit.hpp"
#include "shadowcat/sdk/json_rpc.hpp"

namespace shadowcat::core {

namespace json = shadowcat::sdk::json;

DeclaredInput::DeclaredInput(std::string_view client_capabilities) {
    const auto has = [](std::string_view object, std::string_view key) {
        return !json::member(object, key).empty();
    };
    const std::string_view elicitation = json::member(client_capabilities, "elicitation");
    urls = has(elicitation, "url");
    forms = !elicitation.empty() && (has(elicitation, "form") || !urls);
    const std::string_view samples = json::member(client_capabilities, "sampling");
    sampling = !samples.empty();
    sampling_tools = has(samples, "tools");
    roots = has(client_capabilities, "roots");
}

std::string DeclaredInput::missing_for(const sdk::Message& question) const {
    const std::string_view method = question.method();
    const auto asks_with = [&](std::string_view key) {
        return !json::member(question.params(), key).empty();
    };
    if (method == "roots/list") return roots ? "" : R"({"roots":{}})";
    if (method == "sampling/createMessage") {
        if (!sampling_tools && (asks_with("tools") || asks_with("toolChoice"))) {
            return R"({"sampling":{"tools":{}}})";
        }
        return sampling ? "" : R"({"sampling":{}})";
    }
    if (method != "elicitation/create") return "{}";
    if (json::unquote(json::member(question.params(), "mode")) == "url") {
        return urls ? "" : std::string(kUrlElicitation);
    }
    return forms ? "" : R"({"elicitation":{"form":{}}})";
}

sdk::Message refusal_of(const sdk::Message& question, bool in_call) {
    const std::string_view method = question.method();
    const bool elicits = method == "elicitation/create";
    const bool known = elicits || method == "sampling/createMessage" || method == "roots/list";
    if (!known) {
        return sdk::make_error(question.id(), sdk::json_rpc::kMethodNotFound, "unknown method");
    }
    const bool misplaced = !in_call && method != "roots/list";
    const int code =
        elicits || misplaced ? sdk::json_rpc::kInvalidParams : sdk::json_rpc::kMethodNotFound;
    const std::string why = in_call ? "the client did not declare the capability for '"
                                    : "no request is under way that could carry '";
    return sdk::make_error(question.id(), code, why + std::string(method) + "'");
}

}  // namespace shadowcat::core
