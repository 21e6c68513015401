// SPDX-License-Identifier: Apache-2.0
// The resources: a counter that changes, a page about the server and a template.
#include "resources.hpp"

#include <optional>
#include <string>

namespace demo {
namespace {

constexpr std::string_view kAboutUri = "demo://about";
constexpr std::string_view kAbout =
    "shadowcat-demo-server shows every kind of MCP traffic in a small program.";

Json describe(std::string_view uri, std::string_view name, std::string_view description) {
    return {{"uri", uri}, {"name", name}, {"description", description}, {"mimeType", "text/plain"}};
}

std::optional<std::string> text_at(const Session& session, std::string_view uri) {
    if (uri == kCounterUri) return std::to_string(session.counter());
    if (uri == kAboutUri) return std::string(kAbout);
    if (uri.starts_with(kGreetingPrefix) && uri.size() > kGreetingPrefix.size()) {
        return "Hello, " + std::string(uri.substr(kGreetingPrefix.size())) + "!";
    }
    return std::nullopt;
}

std::string existing_uri(const Session& session, const Json& params, int not_found) {
    std::string uri = string_param(params, "uri");
    if (!resource_exists(session, uri)) {
        throw RpcError(not_found, "Resource not found", {{"uri", uri}});
    }
    return uri;
}

}  // namespace

bool resource_exists(const Session& session, std::string_view uri) {
    return text_at(session, uri).has_value();
}

Json list_resources() {
    Json resources = Json::array();
    resources.push_back(describe(kCounterUri, "counter", "A number that the tool bump raises"));
    resources.push_back(describe(kAboutUri, "about", "What this server is"));
    return {{"resources", resources}};
}

Json list_resource_templates() {
    Json entry = {{"uriTemplate", kGreetingTemplate},
                  {"name", "greeting"},
                  {"description", "A greeting for anybody"},
                  {"mimeType", "text/plain"}};
    return {{"resourceTemplates", Json::array({entry})}};
}

Json read_resource(const Session& session, const Json& params, int not_found) {
    const std::string uri = existing_uri(session, params, not_found);
    Json content = {{"uri", uri}, {"mimeType", "text/plain"}, {"text", *text_at(session, uri)}};
    return {{"contents", Json::array({content})}};
}

Json subscribe_resource(Session& session, const Json& params) {
    session.subscribe(existing_uri(session, params, kResourceNotFound));
    return Json::object();
}

Json unsubscribe_resource(Session& session, const Json& params) {
    session.unsubscribe(string_param(params, "uri"));
    return Json::object();
}

}  // namespace demo
