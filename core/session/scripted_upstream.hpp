// SPDX-License-Identifier: Apache-2.0
// For tests: an upstream whose servers speak when the test says so, and a client that notes all.
#pragma once

#include "shadowcat/sdk/json_rpc.hpp"
#include "shadowcat/sdk/mailbox.hpp"
#include "shadowcat/sdk/multiplexer.hpp"
#include "shadowcat/sdk/spawn.hpp"

#include "core/session/session_table.hpp"

#include <doctest/doctest.h>

#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace shadowcat::core {

using Lines = std::vector<std::string>;

inline sdk::Message message(std::string_view text) {
    return sdk::Message::parse(std::string(text)).value();
}

/// One server: what it was sent, and its mouth.
class ScriptedServer {
public:
    Lines got;
    sdk::Mailbox<sdk::Message> says = sdk::Mailbox<sdk::Message>(1000);
    bool closed = false;
};

class ScriptedPipe final : public sdk::Pipe {
public:
    explicit ScriptedPipe(std::shared_ptr<ScriptedServer> server) : server_(std::move(server)) {}

    sdk::awaitable<sdk::Result<void>> send(std::span<sdk::Message> messages) override {
        for (const sdk::Message& each : messages)
            server_->got.push_back(each.bytes());
        co_return sdk::Result<void>();
    }
    sdk::awaitable<sdk::Result<sdk::Message>> receive() override {
        std::optional<sdk::Message> next = co_await server_->says.pop();
        if (!next) co_return sdk::upstream_error(sdk::ErrorCode::crashed, "the server ended");
        co_return *std::move(next);
    }
    sdk::awaitable<> close() override {
        server_->closed = true;
        server_->says.close();
        co_return;
    }
    std::string peer() const override { return "scripted"; }

private:
    std::shared_ptr<ScriptedServer> server_;
};

/// Servers in the order in which they were opened.
class ScriptedConnector final : public sdk::Connector {
public:
    ScriptedConnector(sdk::Worker& worker, std::vector<std::shared_ptr<ScriptedServer>>& servers,
                      bool& refuses)
        : worker_(worker), servers_(servers), refuses_(refuses) {}

    sdk::awaitable<sdk::Result<std::unique_ptr<sdk::Link>>> open(
        sdk::LinkEvents& events, const sdk::LinkOptions& options) override {
        if (refuses_)
            co_return sdk::upstream_error(sdk::ErrorCode::unreachable, "command not found");
        servers_.push_back(std::make_shared<ScriptedServer>());
        co_return sdk::make_link(worker_, std::make_unique<ScriptedPipe>(servers_.back()), events,
                                 options);
    }
    sdk::awaitable<> stop() override { co_return; }
    std::string target() const override { return "scripted"; }

private:
    sdk::Worker& worker_;
    std::vector<std::shared_ptr<ScriptedServer>>& servers_;
    bool& refuses_;
};

class FirstOfAll final : public sdk::PoolStrategy {
public:
    std::size_t pick(std::span<const sdk::Candidate>, const sdk::PickRequest&) override {
        return 0;
    }
};

/// The receiving end of one exchange or stream.
class ScriptedClient final : public sdk::ReplyStream {
public:
    sdk::awaitable<sdk::Result<void>> write(sdk::Message reply) override {
        got.push_back(reply.bytes());
        co_return sdk::Result<void>();
    }
    sdk::awaitable<sdk::Result<void>> fail(sdk::Error error, sdk::Message response) override {
        failure = error;
        return write(std::move(response));
    }

    Lines got;
    std::optional<sdk::Error> failure;
    bool done = false;
};

/// A session table over one scripted upstream.
class Stage {
public:
    static UpstreamSettings settings_of(Isolation isolation, std::uint32_t max) {
        UpstreamSettings settings;
        settings.isolation = isolation;
        settings.pool.max_links = max;
        settings.pool.max_waiting = 0;  // these tests have no clock: nobody waits in line, and
        settings.pool.min_backoff = std::chrono::milliseconds(0);  // nothing pauses after a crash
        return settings;
    }

    explicit Stage(const SessionSettings& how = SessionSettings(),
                   Isolation isolation = Isolation::per_session, std::uint32_t max = 0)
        : settings(how),
          upstream_settings(settings_of(isolation, max)),
          shared_state(std::make_shared<UpstreamState>("primary", upstream_settings)),
          state(*shared_state) {
        group.add(std::make_shared<Upstream>(
            worker, shared_state, upstream_settings,
            std::make_unique<ScriptedConnector>(worker, servers, refuses), sdk::LinkOptions(),
            registry));
    }
    ~Stage() {
        spawn_logged(worker, table.end_all(), "test.end");
        spawn_logged(worker, group.members()[0]->stop(), "test.stop");
        worker.poll();
        CHECK(worker.gate().inside() == 0);
        CHECK(state.links.used() == 0);
        CHECK(state.in_flight == 0);
        CHECK(state.sessions == 0);
    }

    /// A client that lives as long as the stage, whose end may still write to it.
    ScriptedClient& client() { return clients.emplace_back(); }

    std::shared_ptr<sdk::ClientSession> open() {
        auto session = table.open({});
        REQUIRE(session.has_value());
        return *session;
    }
    void request(const std::shared_ptr<sdk::ClientSession>& session, ScriptedClient& client,
                 std::string_view text) {
        spawn_logged(worker, perform(session, client, message(text)), "test.request");
        worker.poll();
    }
    void notify(const std::shared_ptr<sdk::ClientSession>& session, std::string_view text) {
        spawn_logged(worker, tell(session, message(text)), "test.notify");
        worker.poll();
    }
    void listen(const std::shared_ptr<sdk::ClientSession>& session, ScriptedClient& client) {
        spawn_logged(worker, follow(session, client), "test.listen");
        worker.poll();
    }
    void end(const std::shared_ptr<sdk::ClientSession>& session) {
        spawn_logged(worker, session->end(), "test.end");
        worker.poll();
    }
    void say(std::size_t server, std::string_view text) {
        CHECK(servers.at(server)->says.try_push(message(text)));
        worker.poll();
    }
    void crash(std::size_t server) {
        servers.at(server)->says.close();
        worker.poll();
    }

    static sdk::awaitable<> perform(std::shared_ptr<sdk::ClientSession> session,
                                    ScriptedClient& client, sdk::Message request) {
        co_await session->request(std::move(request), client);
        client.done = true;
    }
    static sdk::awaitable<> tell(std::shared_ptr<sdk::ClientSession> session,
                                 sdk::Message message) {
        const sdk::Result<void> told = co_await session->notify(std::move(message));
        CHECK(told.has_value());
    }
    static sdk::awaitable<> follow(std::shared_ptr<sdk::ClientSession> session,
                                   ScriptedClient& client) {
        const sdk::Result<void> ended = co_await session->listen(client, {});
        if (ended.has_error()) client.failure = ended.error();
        client.done = true;
    }

    std::deque<ScriptedClient> clients;
    sdk::Worker worker;
    sdk::Metrics registry;
    ProxyMetrics metrics = ProxyMetrics(registry);
    InterceptorChain interceptors;
    UpstreamGroup group = UpstreamGroup(std::make_unique<FirstOfAll>());
    SessionSettings settings;
    SessionContext context = SessionContext(worker, settings, group, interceptors, metrics);
    SessionRegistry sessions;
    SessionTable table = SessionTable(context, sessions);
    UpstreamSettings upstream_settings;
    std::shared_ptr<UpstreamState> shared_state;
    UpstreamState& state;
    std::vector<std::shared_ptr<ScriptedServer>> servers;
    bool refuses = false;
};

}  // namespace shadowcat::core
