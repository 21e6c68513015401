// SPDX-License-Identifier: Apache-2.0
// The MCP server itself: takes lines of text, finds out what each one wants, answers.
#include "server.hpp"

#include "prompts.hpp"
#include "resources.hpp"

#include <utility>

namespace demo {
namespace {

/// We never hand out a cursor, so none that comes back can be ours.
void refuse_cursor(const Json& params) {
    if (params.contains("cursor")) throw RpcError(kInvalidParams, "Invalid params: unknown cursor");
}

/// `test` is no MCP method. It is here so that a bare curl, without a session, shows something.
Json test(const Json& params) {
    return {{"server", server_info()}, {"method", "test"}, {"params", params}};
}

}  // namespace

void Server::handle_line(std::string_view line) {
    if (line.find_first_not_of(" \t") == std::string_view::npos) return;
    try {
        const Json message = parse_message(line);
        message.is_array() ? handle_batch(message) : handle(message);
    } catch (const RpcError& error) {
        client_.send(make_error(nullptr, error));
    }
}

void Server::refuse_long_line() {
    client_.send(make_error(nullptr, RpcError(kInvalidRequest, "the line is too long")));
}

void Server::handle_batch(const Json& messages) {
    if (session_.revision() != "2025-03-26" || messages.empty()) {
        throw RpcError(kInvalidRequest, "Invalid request: only 2025-03-26 has batches");
    }
    for (const Json& message : messages)
        handle(message);
}

void Server::handle(const Json& message) {
    switch (kind_of(message)) {
        case Kind::kRequest:
            return handle_request(message);
        case Kind::kNotification:
            return handle_notification(message);
        case Kind::kResponse:
            return client_.deliver(message);
        case Kind::kInvalid:
            break;
    }
    const Json id = message.is_object() ? message.value("id", Json()) : Json();
    client_.send(make_error(id, RpcError(kInvalidRequest, "Invalid request: not JSON-RPC 2.0")));
}

void Server::handle_request(const Json& request) {
    session_.count_request();
    try {
        belongs_to_session(request) ? serve_in_session(request) : serve_stateless(request);
    } catch (const RpcError& error) {
        client_.send(make_error(request.at("id"), error));
    } catch (const std::exception& error) {
        client_.send(make_error(request.at("id"), RpcError(kInternalError, error.what())));
    }
}

void Server::handle_notification(const Json& notification) {
    if (notification.at("method") != "notifications/cancelled") return;
    const Json& params = params_of(notification);
    const auto id = params.find("requestId");
    if (id == params.end()) return;
    toolbox_.cancel(*id);
    subscriptions_.cancel(*id);
}

bool Server::belongs_to_session(const Json& request) const {
    if (!serves_stateless(era_)) return true;
    return serves_sessions(era_) && !is_stateless(request);
}

void Server::serve_in_session(const Json& request) {
    session_.note_use();
    const std::string method = request.at("method");
    if (method == "tools/call") return toolbox_.call(request, Terms{});
    client_.send(make_result(request.at("id"), session_result(method, params_of(request))));
}

void Server::serve_stateless(const Json& request) {
    const std::string method = request.at("method");
    const Json& params = params_of(request);
    if (method == "initialize" && !names_revision(request)) {
        throw unsupported_version(string_param(params, "protocolVersion"), era_);
    }
    Terms terms = read_terms(request, era_);
    if (method == "tools/call") return toolbox_.call(request, std::move(terms));
    if (method == "subscriptions/listen") return subscriptions_.listen(request);
    client_.send(make_result(request.at("id"), stateless_answer(method, params)));
}

Json Server::initialize(const Json& params) {
    session_.open(params);
    const std::string revision = session_.revision();
    return {{"protocolVersion", revision},
            {"capabilities", capabilities_for(revision)},
            {"serverInfo", server_info()},
            {"instructions", instructions()}};
}

Json Server::discover() const {
    return {{"supportedVersions", supported_versions(era_)},
            {"capabilities", capabilities_for(kStatelessRevision)},
            {"instructions", instructions()}};
}

Json Server::session_result(const std::string& method, const Json& params) {
    if (method == "initialize") return initialize(params);
    if (method == "ping") return Json::object();
    if (method == "resources/subscribe") return subscribe_resource(session_, params);
    if (method == "resources/unsubscribe") return unsubscribe_resource(session_, params);
    if (method == "logging/setLevel") {
        session_.set_log_level(string_param(params, "level"));
        return Json::object();
    }
    return common_result(method, params, kResourceNotFound);
}

Json Server::stateless_answer(const std::string& method, const Json& params) const {
    Json result =
        method == "server/discover" ? discover() : common_result(method, params, kInvalidParams);
    return stateless_result(method, params, std::move(result));
}

Json Server::common_result(const std::string& method, const Json& params, int not_found) const {
    if (method.ends_with("/list")) refuse_cursor(params);
    if (method == "tools/list") return toolbox_.list();
    if (method == "resources/list") return list_resources();
    if (method == "resources/templates/list") return list_resource_templates();
    if (method == "resources/read") return read_resource(session_, params, not_found);
    if (method == "prompts/list") return list_prompts();
    if (method == "prompts/get") return get_prompt(params);
    if (method == "completion/complete") return complete(params);
    if (method == "test") return test(params);
    throw RpcError(kMethodNotFound, "Method not found: " + method);
}

}  // namespace demo
