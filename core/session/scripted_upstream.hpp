// SPDX-License-Identifier: Apache-2.0
// For tests: an upstream whose servers speak when the test says so, and a client that notes all.
#pragma once

#include "shadowcat/sdk/json_rpc.hpp"
#include "shadowcat/sdk/mailbox.hpp"
#include "shadowcat/sdk/multiplexer.hpp"
#include "shadowcat/sdk/spawn.hpp"

#include "core/session/session_table.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace shadowcat::core {

using Lines = std::vector<std::string>;

inline sdk::Message message(std::string_view text) {
    return sdk::Message::parse(std::string(text)).value();
}

/// One server: what it was sent, its mouth, and how its connection fails.
class ScriptedServer {
public:
    Lines got;
    sdk::Mailbox<sdk::Message> says = sdk::Mailbox<sdk::Message>(1000);
    bool closed = false;
    bool killed = false;
    bool lingers = false;  // after it was told to end, until `gone`
    sdk::Wakeup gone;
    bool listening = false;

    /// What the next message of the client fails with, instead of reaching the server.
    /// `unknown_session` ends the link, as with HTTP.
    std::optional<sdk::Error> fails_with;
    bool forgotten = false;
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
        if (server_->lingers) co_await server_->gone.wait();
        server_->says.close();
    }
    std::string peer() const override { return "scripted"; }

private:
    std::shared_ptr<ScriptedServer> server_;
};

/// A link that can fail in the ways of HTTP.
class ScriptedLink final : public sdk::Link {
public:
    ScriptedLink(std::shared_ptr<ScriptedServer> server, std::unique_ptr<sdk::Link> inner)
        : server_(std::move(server)), inner_(std::move(inner)) {}

    sdk::awaitable<sdk::Result<void>> call(sdk::Message request, sdk::ReplyStream& replies,
                                           sdk::Cancellation& cancellation) override {
        const std::optional<sdk::Error> failure = next_failure();
        if (failure) co_return *failure;
        co_return co_await inner_->call(std::move(request), replies, cancellation);
    }
    sdk::awaitable<sdk::Result<void>> send(sdk::Message message) override {
        const std::optional<sdk::Error> failure = next_failure();
        if (failure) co_return *failure;
        co_return co_await inner_->send(std::move(message));
    }
    sdk::awaitable<> close() override { return inner_->close(); }
    bool alive() const noexcept override { return !server_->forgotten && inner_->alive(); }
    void set_listening(bool wanted) override { server_->listening = wanted; }
    void kill() noexcept override { server_->killed = true; }
    std::string peer() const override { return "scripted"; }

private:
    std::optional<sdk::Error> next_failure() {
        std::optional<sdk::Error> failure = std::move(server_->fails_with);
        server_->fails_with.reset();
        if (failure) server_->forgotten = failure->code() == sdk::ErrorCode::unknown_session;
        return failure;
    }

    std::shared_ptr<ScriptedServer> server_;
    std::unique_ptr<sdk::Link> inner_;
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
        auto pipe = std::make_unique<ScriptedPipe>(servers_.back());
        auto link = sdk::make_link(worker_, std::move(pipe), events, options);
        co_return std::make_unique<ScriptedLink>(servers_.back(), std::move(link));
    }
    sdk::awaitable<> stop() override { co_return; }
    std::string target() const override { return "scripted"; }

private:
    sdk::Worker& worker_;
    std::vector<std::shared_ptr<ScriptedServer>>& servers_;
    bool& refuses_;
};

class InTurn final : public sdk::PoolStrategy {
public:
    std::size_t pick(std::span<const sdk::Candidate> candidates, const sdk::PickRequest&) override {
        return picked_++ % candidates.size();
    }

private:
    std::size_t picked_ = 0;
};

/// The receiving end of one exchange or stream.
class ScriptedClient final : public sdk::ReplyStream {
public:
    sdk::awaitable<sdk::Result<void>> write(sdk::Message reply) override {
        if (gone) co_return sdk::downstream_error(sdk::ErrorCode::closed, "the client has gone");
        got.push_back(reply.bytes());
        co_return sdk::Result<void>();
    }
    sdk::awaitable<sdk::Result<void>> write_event(sdk::Message reply,
                                                  std::string_view event_id) override {
        if (!gone) events.emplace_back(event_id);
        return write(std::move(reply));
    }
    sdk::awaitable<sdk::Result<void>> prime(std::string_view event_id) override {
        primed = event_id;
        co_return sdk::Result<void>();
    }
    sdk::awaitable<sdk::Result<void>> fail(sdk::Error error, sdk::Message response) override {
        failure = error;
        return write(std::move(response));
    }

    int status() const noexcept override { return got.empty() ? 0 : failure ? 500 : 200; }
    void sever() noexcept override { severed = true; }

    Lines got;
    Lines events;  ///< the ids of those that had one
    std::string primed;
    std::optional<sdk::Error> failure;
    bool done = false;
    bool gone = false;  ///< its connection is lost
    bool severed = false;
};

/// An upstream beside the stage's own.
class ScriptedUpstream {
public:
    ScriptedUpstream(std::string name, const UpstreamSettings& how)
        : settings(how), state(std::make_shared<UpstreamState>(std::move(name), how)) {}

    UpstreamSettings settings;
    std::shared_ptr<UpstreamState> state;
    std::vector<std::shared_ptr<ScriptedServer>> servers;
    bool refuses = false;
};

/// A session table over one scripted upstream, or several.
class Stage {
public:
    static UpstreamSettings settings_of(Isolation isolation, std::uint32_t max) {
        UpstreamSettings settings;
        settings.isolation = isolation;
        settings.pool.max_links = max;
        settings.pool.max_waiting = 0;  // these tests have no clock: nobody waits in line, and
        settings.pool.min_backoff = std::chrono::milliseconds(0);  // nothing pauses after a crash
        settings.retry.min_backoff = std::chrono::milliseconds(0);
        return settings;
    }

    explicit Stage(const SessionSettings& how = SessionSettings(),
                   Isolation isolation = Isolation::per_session, std::uint32_t max = 0)
        : Stage(how, settings_of(isolation, max)) {}
    Stage(const SessionSettings& how, const UpstreamSettings& upstream)
        : settings(how), primary(add_upstream("primary", upstream)) {}
    ~Stage() {
        spawn_logged(worker, table.end_all(), "test.end");
        for (const auto& member : group.members())
            spawn_logged(worker, member->stop(), "test.stop");
        worker.poll();
        CHECK(worker.gate().inside() == 0);
        for (const ScriptedUpstream& each : upstreams) {
            CHECK(each.state->links.used() == 0);
            CHECK(each.state->in_flight == 0);
            CHECK(each.state->sessions == 0);
        }
    }

    ScriptedUpstream& add_upstream(std::string name, const UpstreamSettings& how) {
        ScriptedUpstream& added = upstreams.emplace_back(std::move(name), how);
        group.add(std::make_shared<Upstream>(
            worker, added.state, added.settings,
            std::make_unique<ScriptedConnector>(worker, added.servers, added.refuses),
            sdk::LinkOptions(), registry));
        return added;
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
    void listen(const std::shared_ptr<sdk::ClientSession>& session, ScriptedClient& client,
                std::string last_event_id = {}) {
        spawn_logged(worker, follow(session, client, std::move(last_event_id)), "test.listen");
        worker.poll();
    }
    void end(const std::shared_ptr<sdk::ClientSession>& session) {
        spawn_logged(worker, session->end(), "test.end");
        worker.poll();
    }
    void say(std::size_t server, std::string_view text) { say(primary, server, text); }
    void say(ScriptedUpstream& upstream, std::size_t server, std::string_view text) {
        CHECK(upstream.servers.at(server)->says.try_push(message(text)));
        worker.poll();
    }
    void crash(std::size_t server) {
        servers.at(server)->says.close();
        worker.poll();
    }
    void sweep(const std::shared_ptr<sdk::ClientSession>& session, std::chrono::seconds later) {
        static_cast<Session&>(*session).sweep(worker.now() + later);
        worker.poll();
    }

    /// What `/metrics` would show for the series whose labels have all these values.
    std::int64_t metric(std::string_view name, const Lines& labels = {}) const {
        std::int64_t sum = 0;
        for (const sdk::MetricFamily& family : registry.snapshot()) {
            if (family.name != name) continue;
            for (const sdk::Sample& sample : family.samples) {
                const bool named = std::ranges::all_of(labels, [&](const std::string& value) {
                    return std::ranges::any_of(
                        sample.labels, [&](const auto& one) { return one.second == value; });
                });
                if (named) sum += sample.value;
            }
        }
        return sum;
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
                                   ScriptedClient& client, std::string last_event_id) {
        const sdk::Result<void> ended = co_await session->listen(client, last_event_id);
        if (ended.has_error()) client.failure = ended.error();
        client.done = true;
    }

    std::deque<ScriptedClient> clients;
    std::deque<ScriptedUpstream> upstreams;
    sdk::Worker worker;
    sdk::Metrics registry;
    ProxyMetrics metrics = ProxyMetrics(registry);
    InterceptorChain interceptors;
    UpstreamGroup group = UpstreamGroup(std::make_unique<InTurn>());
    SessionSettings settings;
    ExchangeSinks sinks;
    SessionContext context = SessionContext(worker, settings, group, interceptors, metrics, &sinks);
    SessionRegistry sessions;
    SessionTable table = SessionTable(context, sessions);
    ScriptedUpstream& primary;
    UpstreamState& state = *primary.state;
    std::vector<std::shared_ptr<ScriptedServer>>& servers = primary.servers;
    bool& refuses = primary.refuses;
};

}  // namespace shadowcat::core
