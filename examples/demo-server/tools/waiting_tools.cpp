// SPDX-License-Identifier: Apache-2.0
// Tools that wait: slow for time, ask, sample and roots for an answer of the client.
#include "tool.hpp"

#include <chrono>
#include <string>

namespace demo {
namespace {

Json slow(ToolContext& context, const Json& arguments) {
    constexpr std::int64_t kMaxSteps = 1000;
    constexpr std::int64_t kMaxDelay = 60'000;
    const std::int64_t steps = integer_argument(arguments, "steps", 5, kMaxSteps);
    const std::int64_t delay = integer_argument(arguments, "delay_ms", 200, kMaxDelay);
    for (std::int64_t step = 1; step <= steps; ++step) {
        context.call.sleep(std::chrono::milliseconds(delay));
        context.call.progress(step, steps,
                              "step " + std::to_string(step) + " of " + std::to_string(steps));
    }
    return text_result("done after " + std::to_string(steps) + " steps");
}

void need(const ToolContext& context, const std::string& capability) {
    if (context.call.client_can(capability)) return;
    if (context.call.is_stateless()) throw missing_client_capability(capability);
    throw BadArguments("the client did not declare the capability " + capability);
}

/// The client's answer both as text, for people and models, and as it came.
Json answer_result(const Json& answer) {
    Json result = text_result(answer.dump());
    result["structuredContent"] = answer;
    return result;
}

Json ask(ToolContext& context, const Json& arguments) {
    need(context, "elicitation");
    const Json text = {{"type", "string"}};
    const Json schema = {{"type", "object"},
                         {"properties", {{"answer", text}}},
                         {"required", Json::array({"answer"})}};
    const std::string question = text_argument(arguments, "message", "What is your name?");
    return answer_result(context.call.ask_client(
        "elicitation/create", {{"message", question}, {"requestedSchema", schema}}));
}

Json sample(ToolContext& context, const Json& arguments) {
    constexpr std::int64_t kMaxTokens = 1'000'000;
    need(context, "sampling");
    const std::string prompt = text_argument(arguments, "prompt", "Say hello.");
    const Json content = {{"type", "text"}, {"text", prompt}};
    const Json message = {{"role", "user"}, {"content", content}};
    return answer_result(context.call.ask_client(
        "sampling/createMessage",
        {{"messages", Json::array({message})},
         {"maxTokens", integer_argument(arguments, "max_tokens", 100, kMaxTokens)}}));
}

Json roots(ToolContext& context, const Json&) {
    need(context, "roots");
    return answer_result(context.call.ask_client("roots/list", Json::object()));
}

}  // namespace

std::vector<Tool> waiting_tools() {
    const Json text = {{"type", "string"}};
    const Json whole = {{"type", "integer"}, {"minimum", 0}};
    return {
        {"slow",
         describe_tool("Takes its time and reports progress",
                       {{"steps", whole}, {"delay_ms", whole}}, {}, true),
         true, slow},
        {"ask",
         describe_tool("Asks the user something (elicitation)", {{"message", text}}, {}, true),
         true, ask},
        {"sample",
         describe_tool("Asks the client's model something (sampling)",
                       {{"prompt", text}, {"max_tokens", whole}}, {}, true),
         true, sample},
        {"roots", describe_tool("Lists the client's roots", Json::object(), {}, true), true, roots},
    };
}

}  // namespace demo
