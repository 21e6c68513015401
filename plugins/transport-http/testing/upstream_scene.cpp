// SPDX-License-Identifier: Apache-2.0
// The client's side of the tests.
#include "upstream_scene.hpp"

#include "shadowcat/sdk/spawn.hpp"

#include "sse_connector.hpp"

#include <doctest/doctest.h>

#include <filesystem>

namespace shadowcat::http::testing {

namespace {

Json with_url(Json settings, std::uint16_t port, bool tls) {
    if (!settings.contains("url")) {
        settings["url"] =
            (tls ? "https://localhost:" : "http://127.0.0.1:") + std::to_string(port) + "/mcp";
    }
    return settings;
}

awaitable<> store(awaitable<Result<void>> task, std::optional<Result<void>>& outcome) {
    outcome = co_await std::move(task);
}

awaitable<> mark(awaitable<> task, bool& done) {
    co_await std::move(task);
    done = true;
}

awaitable<> open_into(Connector& connector, LinkEvents& events, const LinkOptions& options,
                      std::unique_ptr<Link>& link) {
    Result<std::unique_ptr<Link>> opened = co_await connector.open(events, options);
    link = *std::move(opened);
}

}  // namespace

awaitable<Result<void>> TestClient::write(Message reply) {
    got.push_back(reply.bytes());
    if (hold) co_await released.wait();
    if (gone) co_return downstream_error(ErrorCode::closed, "the client has gone");
    co_return Result<void>();
}

Message message(std::string_view text) { return Message::parse(std::string(text)).value(); }

Json validated(const Json& config, const Schema& schema) {
    std::vector<ConfigError> errors;
    Json checked = validate(schema, config, "upstream", errors);
    for (const ConfigError& each : errors)
        FAIL_CHECK(each.path << ": " << each.message);
    return checked;
}

std::string result(const std::string& id) {
    return R"({"jsonrpc":"2.0","id":)" + id + R"(,"result":{}})";
}

std::string id_of(const ServerRequest& request) { return std::string(message(request.body).id()); }

ServerAnswer usual(const ServerRequest& request) {
    if (request.method() == "GET") return ServerAnswer::status("405 Method Not Allowed");
    if (request.method() == "DELETE") return ServerAnswer::status("200 OK");
    const Message asked = message(request.body);
    if (!asked.is_request()) return ServerAnswer::accepted();
    if (asked.method() != "initialize") return ServerAnswer::json(result(std::string(asked.id())));
    return ServerAnswer::json(
        R"({"jsonrpc":"2.0","id":0,"result":{"protocolVersion":"2025-06-18","capabilities":{}}})",
        "Mcp-Session-Id: session-0123456789\r\n");
}

std::string event(const std::string& data, const std::string& id) {
    return (id.empty() ? "" : "id: " + id + "\n") + "event: message\ndata: " + data + "\n\n";
}

std::size_t count(const ScriptedServer& server, const std::string& method) {
    std::size_t found = 0;
    for (const ServerRequest& each : server.requests)
        found += each.method() == method;
    return found;
}

std::size_t open_descriptors() {
    const std::filesystem::directory_iterator begin("/proc/self/fd");
    return static_cast<std::size_t>(std::distance(begin, std::filesystem::directory_iterator()));
}

UpstreamScene::UpstreamScene(ScriptedServer::Script script, const Json& settings,
                             const LinkOptions& with, std::optional<TlsContext> tls,
                             Transport transport)
    : server(worker, std::move(script), tls), options(with) {
    const ConnectorContext context(worker, "test", metrics);
    const Json config = with_url(settings, server.port(), tls.has_value());
    if (transport == Transport::http) {
        connector = std::make_unique<HttpConnector>(validated(config), context);
    } else {
        const Json checked = validated(config, SseConnector::schema());
        connector = std::make_unique<SseConnector>(checked, context);
    }
    link = open_link();
}

UpstreamScene::~UpstreamScene() {
    close();
    link.reset();
    bool stopped = false;
    spawn_logged(worker, mark(connector->stop(), stopped), "test.stop");
    CHECK(wait([&] { return stopped; }));
    server.stop();
    CHECK(wait([&] { return worker.gate().inside() == 0; }));
}

std::unique_ptr<Link> UpstreamScene::open_link() {
    std::unique_ptr<Link> opened;
    spawn_logged(worker, open_into(*connector, events, options, opened), "test.open");
    CHECK(wait([&] { return opened != nullptr; }));
    return opened;
}

void UpstreamScene::start(TestClient& client, std::string_view request) {
    spawn_logged(worker, perform(client, message(request)), "test.call");
}

awaitable<> UpstreamScene::perform(TestClient& client, Message request) {
    client.outcome = co_await link->call(std::move(request), client, client.cancellation);
}

Result<void> UpstreamScene::finish(TestClient& client) {
    REQUIRE(wait([&] { return client.outcome.has_value(); }));
    return *client.outcome;
}

Result<void> UpstreamScene::call(TestClient& client, std::string_view request) {
    start(client, request);
    return finish(client);
}

Result<void> UpstreamScene::send(std::string_view text) {
    std::optional<Result<void>> outcome;
    spawn_logged(worker, store(link->send(message(text)), outcome), "test.send");
    REQUIRE(wait([&] { return outcome.has_value(); }));
    return *outcome;
}

void UpstreamScene::open_session() {
    TestClient client;
    CHECK(call(client, kInitialize).has_value());
    CHECK(send(kInitialized).has_value());
}

void UpstreamScene::open_listening_session() {
    link->set_listening(true);
    open_session();
}

void UpstreamScene::close() {
    bool closed = false;
    spawn_logged(worker, mark(link->close(), closed), "test.close");
    CHECK(wait([&] { return closed; }));
}

}  // namespace shadowcat::http::testing
