// SPDX-License-Identifier: Apache-2.0
// Tools that answer at once: echo, add, whoami, bump, log, touch_tools and bonus.
#include "../resources.hpp"
#include "tool.hpp"

#include <unistd.h>

#include <limits>

namespace demo {
namespace {

Json echo(ToolContext&, const Json& arguments) {
    const auto message = arguments.find("message");
    if (message == arguments.end()) throw BadArguments("\"message\" is required");
    return text_result(message->is_string() ? message->get<std::string>() : message->dump());
}

const Json& number_argument(const Json& arguments, std::string_view key) {
    const auto value = arguments.find(key);
    if (value == arguments.end() || !value->is_number()) {
        throw BadArguments("\"" + std::string(key) + "\" is required and must be a number");
    }
    return *value;
}

bool fits_integer(const Json& number) {
    if (number.is_number_unsigned()) {
        return number.get<std::uint64_t>() <= std::numeric_limits<std::int64_t>::max();
    }
    return number.is_number_integer();
}

Json sum_of(const Json& a, const Json& b) {
    std::int64_t sum = 0;
    if (fits_integer(a) && fits_integer(b) &&
        !__builtin_add_overflow(a.get<std::int64_t>(), b.get<std::int64_t>(), &sum)) {
        return sum;
    }
    return a.get<double>() + b.get<double>();
}

Json add(ToolContext&, const Json& arguments) {
    const Json sum = sum_of(number_argument(arguments, "a"), number_argument(arguments, "b"));
    Json result = text_result(sum.dump());
    result["structuredContent"] = {{"sum", sum}};
    return result;
}

Json describe_add() {
    const Json number = {{"type", "number"}};
    Json tool = describe_tool("Adds two numbers", {{"a", number}, {"b", number}}, {"a", "b"}, true);
    tool["outputSchema"] = {
        {"type", "object"}, {"properties", {{"sum", number}}}, {"required", Json::array({"sum"})}};
    return tool;
}

Json whoami(ToolContext& context, const Json&) {
    Json who = {{"pid", ::getpid()}, {"requests", context.session.requests_served()}};
    Json result = text_result(who.dump());
    result["structuredContent"] = std::move(who);
    return result;
}

Json bump(ToolContext& context, const Json& arguments) {
    constexpr std::int64_t kMaxStep = 1'000'000;
    const std::int64_t by = integer_argument(arguments, "by", 1, kMaxStep);
    const std::int64_t counter = context.session.add_to_counter(by);
    context.subscriptions.resource_updated(std::string(kCounterUri));
    return text_result(std::to_string(counter));
}

Json log(ToolContext& context, const Json& arguments) {
    const std::string level = text_argument(arguments, "level", "info");
    const std::string text = text_argument(arguments, "message", "hello from the demo server");
    return text_result(context.call.log(level, text) ? "logged" : "below the level that was set");
}

Json touch_tools(ToolContext& context, const Json&) {
    const bool there = context.session.toggle_bonus();
    context.subscriptions.tools_changed();
    return text_result(there ? "the tool bonus is there" : "the tool bonus is gone");
}

Json bonus(ToolContext&, const Json&) { return text_result("a bonus"); }

}  // namespace

std::vector<Tool> quick_tools() {
    const Json none = Json::object();
    const Json text = {{"type", "string"}};
    const Json whole = {{"type", "integer"}, {"minimum", 0}};
    const Json anything = {{"description", "Text, or any JSON value"}};
    return {
        {"echo",
         describe_tool("Answers with its message", {{"message", anything}}, {"message"}, true),
         false, echo},
        {"add", describe_add(), false, add},
        {"whoami",
         describe_tool("The server's process id and how many requests it has had", none, {}, true),
         false, whoami},
        {"bump",
         describe_tool("Raises demo://counter and tells subscribers", {{"by", whole}}, {}, false),
         false, bump},
        {"log",
         describe_tool("Sends a log message", {{"level", text}, {"message", text}}, {}, true),
         false, log},
        {"touch_tools", describe_tool("Adds the tool bonus, or takes it away", none, {}, false),
         false, touch_tools},
        {"bonus", describe_tool("Comes and goes", none, {}, true), false, bonus},
    };
}

}  // namespace demo
