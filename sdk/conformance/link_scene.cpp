// SPDX-License-Identifier: Apache-2.0
// Opens the link, performs calls, closes.
#include "link_scene.hpp"

#include <doctest/doctest.h>

namespace shadowcat::contract {

sdk::awaitable<sdk::Result<void>> Client::write(sdk::Message message) {
    right_thread = right_thread && std::this_thread::get_id() == thread_;
    received.push_back(std::move(message));
    co_return sdk::Result<void>();
}

sdk::awaitable<sdk::Result<void>> Client::fail(sdk::Error, sdk::Message response) {
    return write(std::move(response));
}

sdk::awaitable<> Owner::on_message(sdk::Message message) {
    right_thread = right_thread && std::this_thread::get_id() == thread_;
    received.push_back(std::move(message));
    co_return;
}

void Owner::on_closed(const sdk::Error& error) {
    right_thread = right_thread && std::this_thread::get_id() == thread_;
    closed = error;
    ++times_closed;
}

LinkScene::LinkScene(const sdk::LinkOptions& options) {
    const sdk::ConnectorContext context = subject().context(stage.worker(), metrics);
    connector = subject().make<sdk::Connector>(subject().config(), context);
    auto opened = stage.get(connector->open(owner, options), "Connector::open");
    if (opened.has_error()) throw std::runtime_error(opened.error().message());
    link = *std::move(opened);
}

LinkScene::~LinkScene() {
    if (link) stage.finish(link->close(), "Link::close");
    link.reset();
    if (connector) stage.finish(connector->stop(), "Connector::stop");
}

void LinkScene::initialize() {
    const sdk::Json params = sdk::Json::parse(
        R"({"protocolVersion":"2025-06-18","clientInfo":{"name":"contract","version":"1"},)"
        R"("capabilities":{"elicitation":{},"sampling":{},"roots":{}}})");
    const sdk::Message answer = ask("initialize", params);
    if (answer.kind() != sdk::MessageKind::result) throw std::runtime_error(answer.bytes());
    sdk::Message ready = sdk::make_notification("notifications/initialized");
    const auto sent = stage.get(link->send(std::move(ready)), "Link::send");
    if (sent.has_error()) throw std::runtime_error(sent.error().message());
}

void LinkScene::begin(Client& client, sdk::Message request) {
    stage.start(perform(client, std::move(request)));
}

sdk::awaitable<> LinkScene::perform(Client& client, sdk::Message request) {
    client.outcome = co_await link->call(std::move(request), client, client.cancellation);
}

sdk::Message LinkScene::ask(std::string_view method, const sdk::Json& params) {
    const auto client = std::make_unique<Client>();
    begin(*client, sdk::make_request(std::to_string(next_id_++), method, params.dump()));
    stage.wait_for([&] { return client->ended(); }, std::string(method));
    if (client->outcome->has_error()) throw std::runtime_error(client->outcome->error().message());
    if (!client->answered()) throw std::runtime_error("no answer to " + std::string(method));
    return client->received.back();
}

std::string LinkScene::tool_text(std::string_view tool, const sdk::Json& arguments) {
    sdk::Json params = sdk::Json::object();
    params["name"] = tool;
    params["arguments"] = arguments;
    return text_of(ask("tools/call", params));
}

sdk::Message tool_call(std::string_view id, std::string_view tool, const sdk::Json& arguments,
                       std::string_view progress_token) {
    sdk::Json params = sdk::Json::object();
    params["name"] = tool;
    params["arguments"] = arguments;
    if (!progress_token.empty()) params["_meta"]["progressToken"] = progress_token;
    return sdk::make_request(id, "tools/call", params.dump());
}

sdk::Json json_of(const sdk::Message& message) { return sdk::Json::parse(message.bytes()); }

std::string text_of(const sdk::Message& response) {
    const sdk::Json json = json_of(response);
    const sdk::Json::json_pointer text("/result/content/0/text");
    if (!json.contains(text)) throw std::runtime_error("no tool result: " + response.bytes());
    return json.at(text).get<std::string>();
}

}  // namespace shadowcat::contract
