// SPDX-License-Identifier: Apache-2.0
// All the tools: lists them and runs calls, those that wait in the background.
#include "toolbox.hpp"

#include <algorithm>
#include <utility>

namespace demo {
namespace {

Json arguments_of(const Json& params) {
    const auto arguments = params.find("arguments");
    if (arguments == params.end()) return Json::object();
    if (!arguments->is_object()) {
        throw RpcError(kInvalidParams, "Invalid params: \"arguments\" must be an object");
    }
    return *arguments;
}

Json run_tool(const Tool& tool, ToolContext& context, const Json& arguments) {
    try {
        return tool.run(context, arguments);
    } catch (const BadArguments& error) {
        return error_result(tool.name + ": " + error.what());
    }
}

}  // namespace

Toolbox::Toolbox(Client& client, Session& session, Subscriptions& subscriptions)
    : client_(client), session_(session), subscriptions_(subscriptions), tools_(quick_tools()) {
    for (Tool& tool : waiting_tools())
        tools_.push_back(std::move(tool));
}

bool Toolbox::is_listed(const Tool& tool) const {
    return tool.name != "bonus" || session_.has_bonus();
}

Json Toolbox::list() const {
    Json entries = Json::array();
    for (const Tool& tool : tools_) {
        if (!is_listed(tool)) continue;
        Json entry = {{"name", tool.name}};
        entry.update(tool.description);
        entries.push_back(std::move(entry));
    }
    return {{"tools", std::move(entries)}};
}

const Tool& Toolbox::find(const std::string& name) const {
    const auto tool = std::ranges::find(tools_, name, &Tool::name);
    if (tool == tools_.end() || !is_listed(*tool)) {
        throw RpcError(kInvalidParams, "Unknown tool: " + name);
    }
    return *tool;
}

void Toolbox::run(const Tool& tool, Call& call, const Json& arguments) {
    ToolContext context{call, session_, subscriptions_};
    try {
        call.answer(run_tool(tool, context, arguments));
    } catch (const InputRequired& input) {
        call.answer(input.to_result());
    } catch (const Cancelled&) {
        // Nobody waits for an answer any more.
    } catch (const RpcError& error) {
        call.send(make_error(call.id(), error));
    } catch (const std::exception& error) {
        call.send(make_error(call.id(), RpcError(kInternalError, error.what())));
    }
}

void Toolbox::call(const Json& request, Terms terms) {
    const Json& params = params_of(request);
    const Tool& tool = find(string_param(params, "name"));
    Json arguments = arguments_of(params);
    auto call = std::make_shared<Call>(client_, session_, request, std::move(terms));
    if (!tool.waits) return run(tool, *call, arguments);
    const bool started = background_.start(call, [this, &tool, args = std::move(arguments)](
                                                     Call& running) { run(tool, running, args); });
    if (!started) throw RpcError(kInternalError, "too many calls are waiting; try again later");
}

}  // namespace demo
