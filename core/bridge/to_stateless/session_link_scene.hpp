// SPDX-License-Identifier: Apache-2.0
// For tests: a server behind a link that speaks when the test says so, and a session's end of it.
#pragma once

#include "shadowcat/sdk/json_rpc.hpp"
#include "shadowcat/sdk/mailbox.hpp"
#include "shadowcat/sdk/spawn.hpp"

#include "core/bridge/to_stateless/session_link.hpp"

#include <doctest/doctest.h>

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace shadowcat::core {

/// One request that the server has got.
class ServedCall {
public:
    explicit ServedCall(std::string_view text) : request(text) {}

    std::string request;
    sdk::Mailbox<sdk::Message> says = sdk::Mailbox<sdk::Message>(100);
    std::optional<sdk::Error> fails_with;
    bool cancelled = false;
    bool over = false;
};

/// What a test sees of a server: each call by itself, as over HTTP. Ids stay as they are.
class ServedLink {
public:
    std::deque<ServedCall> calls;
    std::vector<std::string> told;  ///< what came through `Link::send`
    sdk::LinkEvents* events = nullptr;
    bool alive = true;
    bool closed = false;
    bool listening = false;
};

class ServedLinkEnd final : public sdk::Link {
public:
    explicit ServedLinkEnd(std::shared_ptr<ServedLink> server) : server_(std::move(server)) {}

    sdk::awaitable<sdk::Result<void>> call(sdk::Message request, sdk::ReplyStream& replies,
                                           sdk::Cancellation& cancellation) override {
        const std::shared_ptr<ServedLink> server = server_;
        if (!server->alive) co_return sdk::upstream_error(sdk::ErrorCode::closed, "ended");
        ServedCall& call = server->calls.emplace_back(request.bytes());
        cancellation.on_request([&call] { call.says.close(); });
        bool answered = false;
        while (!answered) {
            std::optional<sdk::Message> next = co_await call.says.pop();
            if (!next || cancellation.requested()) break;
            answered = next->is_response();
            co_await replies.write(*std::move(next));
        }
        cancellation.on_request({});
        call.over = true;
        if (answered) co_return sdk::Result<void>();
        call.cancelled = cancellation.requested();
        if (call.cancelled) co_return cancellation.reason();
        co_return *call.fails_with;
    }
    sdk::awaitable<sdk::Result<void>> send(sdk::Message message) override {
        server_->told.push_back(message.bytes());
        co_return sdk::Result<void>();
    }
    sdk::awaitable<> close() override {
        server_->closed = true;
        end(*server_, sdk::upstream_error(sdk::ErrorCode::closed, "the link was closed"));
        co_return;
    }
    bool alive() const noexcept override { return server_->alive; }
    void set_listening(bool wanted) override { server_->listening = wanted; }
    std::string peer() const override { return "served"; }

    static void end(ServedLink& server, const sdk::Error& error) {
        server.alive = false;
        for (ServedCall& each : server.calls) {
            each.fails_with = error;
            each.says.close();
        }
    }

private:
    std::shared_ptr<ServedLink> server_;
};

/// Servers in the order in which they were opened.
class ServedConnector final : public sdk::Connector {
public:
    sdk::awaitable<sdk::Result<std::unique_ptr<sdk::Link>>> open(sdk::LinkEvents& events,
                                                                 const sdk::LinkOptions&) override {
        servers.push_back(std::make_shared<ServedLink>());
        servers.back()->events = &events;
        co_return std::make_unique<ServedLinkEnd>(servers.back());
    }
    sdk::awaitable<> stop() override { co_return; }
    std::string target() const override { return "served"; }

    std::vector<std::shared_ptr<ServedLink>> servers;
};

/// The receiving end of one call.
class AskingClient final : public sdk::ReplyStream {
public:
    sdk::awaitable<sdk::Result<void>> write(sdk::Message reply) override {
        got.push_back(reply.bytes());
        co_return sdk::Result<void>();
    }
    sdk::awaitable<sdk::Result<void>> fail(sdk::Error, sdk::Message response) override {
        return write(std::move(response));
    }

    std::vector<std::string> got;
    sdk::Cancellation cancellation;
    std::optional<sdk::Result<void>> outcome;  ///< once the call is over
};

class NotedEvents final : public sdk::LinkEvents {
public:
    sdk::awaitable<> on_message(sdk::Message message) override {
        got.push_back(message.bytes());
        co_return;
    }
    void on_closed(const sdk::Error& error) override { closed = error; }

    std::vector<std::string> got;
    std::optional<sdk::Error> closed;
};

using Texts = std::vector<std::string>;

/// One link for a session.
class SessionLinkScene {
public:
    explicit SessionLinkScene(bool known_stateless = false,
                              const BridgeSettings& how = BridgeSettings())
        : settings(how) {
        if (known_stateless) {
            era.learn_sessions(false);
            era.learn_stateless(true);
        }
        spawn_logged(worker, open(), "test.open");
        worker.poll();
        REQUIRE(link);
    }
    ~SessionLinkScene() {
        link.reset();
        worker.poll();
        CHECK(worker.gate().inside() == 0);
    }

    sdk::awaitable<> open() {
        auto opened = co_await open_session_link(worker, connector, events, options, era, settings);
        link = *std::move(opened);
    }

    AskingClient& call(std::string_view text) {
        AskingClient& client = clients.emplace_back();
        spawn_logged(worker, perform(client, parsed(text)), "test.call");
        worker.poll();
        return client;
    }
    void send(std::string_view text) {
        spawn_logged(worker, tell(parsed(text)), "test.send");
        worker.poll();
    }
    void say(std::size_t call, std::string_view text) {
        CHECK(served().calls.at(call).says.try_push(parsed(text)));
        worker.poll();
    }
    void fail(std::size_t call, sdk::Error error) {
        served().calls.at(call).fails_with = std::move(error);
        served().calls.at(call).says.close();
        worker.poll();
    }
    void cancel(AskingClient& client) {
        client.cancellation.request(
            sdk::downstream_error(sdk::ErrorCode::cancelled, "the client cancelled"));
        worker.poll();
    }
    void say_unasked(std::string_view text) {
        spawn_logged(worker, served().events->on_message(parsed(text)), "test.unasked");
        worker.poll();
    }
    void crash() {
        const sdk::Error error = sdk::upstream_error(sdk::ErrorCode::crashed, "the server ended");
        ServedLinkEnd::end(served(), error);
        worker.poll();
        served().events->on_closed(error);
        worker.poll();
    }
    void close() {
        spawn_logged(worker, link->close(), "test.close");
        worker.poll();
    }

    ServedLink& served() { return *connector.servers.at(0); }
    const std::string& request(std::size_t call) { return served().calls.at(call).request; }

    /// Introduces a client with these capabilities to a server with those; takes one call.
    void greet(std::string_view client = "{}", std::string_view server = "{}");

    static sdk::Message parsed(std::string_view text) {
        return sdk::Message::parse(std::string(text)).value();
    }

    sdk::awaitable<> perform(AskingClient& client, sdk::Message message) {
        client.outcome = co_await link->call(std::move(message), client, client.cancellation);
    }
    sdk::awaitable<> tell(sdk::Message message) {
        const sdk::Result<void> told = co_await link->send(std::move(message));
        CHECK(told.has_value());
    }

    std::deque<AskingClient> clients;
    BridgeSettings settings;
    UpstreamEra era;
    NotedEvents events;
    sdk::LinkOptions options;
    sdk::Worker worker;
    ServedConnector connector;
    std::unique_ptr<sdk::Link> link;
};

inline std::string initialize_of(std::string_view capabilities,
                                 std::string_view revision = "2025-11-25") {
    return R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":")" +
           std::string(revision) + R"(","capabilities":)" + std::string(capabilities) +
           R"(,"clientInfo":{"name":"c","version":"1"}}})";
}

inline std::string discovered(std::string_view capabilities) {
    return R"({"jsonrpc":"2.0","id":"shadowcat-discover","result":{"resultType":"complete",)"
           R"("supportedVersions":["2026-07-28"],"capabilities":)" +
           std::string(capabilities) +
           R"(,"instructions":"be kind","ttlMs":0,"cacheScope":"private",)"
           R"("_meta":{"io.modelcontextprotocol/serverInfo":{"name":"s","version":"2"}}}})";
}

/// What every request to the stateless server has in its `_meta`.
inline std::string meta_of(std::string_view capabilities, std::string_view log_level = {}) {
    std::string text = R"("io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
                       R"("io.modelcontextprotocol/clientInfo":{"name":"c","version":"1"},)"
                       R"("io.modelcontextprotocol/clientCapabilities":)" +
                       std::string(capabilities);
    if (!log_level.empty()) {
        text += R"(,"io.modelcontextprotocol/logLevel":")" + std::string(log_level) + '"';
    }
    return text;
}

inline void SessionLinkScene::greet(std::string_view client, std::string_view server) {
    AskingClient& hello = call(initialize_of(client));
    say(served().calls.size() - 1, discovered(server));
    REQUIRE(hello.outcome);
    REQUIRE(hello.outcome->has_value());
}

}  // namespace shadowcat::core
