// SPDX-License-Identifier: Apache-2.0
// For tests: an upstream whose servers do what the test says, and those who want something of it.
#pragma once

#include "shadowcat/sdk/json_rpc.hpp"
#include "shadowcat/sdk/spawn.hpp"

#include "core/upstream/shared_link.hpp"
#include "core/upstream/upstream_group.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace shadowcat::core {

using Lines = std::vector<std::string>;

/// One server, as its link and the test see it.
class FakeServer {
public:
    explicit FakeServer(sdk::LinkEvents& to) : events(&to) {}

    /// The process ends by itself.
    void crash() {
        alive = false;
        asked.notify();
        events->on_closed(sdk::upstream_error(sdk::ErrorCode::crashed, "the server ended"));
    }
    void answer() {
        answers = true;
        asked.notify();
    }

    sdk::LinkEvents* events;
    Lines got;               // methods
    std::string last_words;  // what it says while its link is being closed
    bool alive = true;
    bool closed = false;
    bool answers = true;
    std::size_t resident = 0;
    sdk::Wakeup asked;  // one call at a time may wait
};

class FakeLink final : public sdk::Link {
public:
    explicit FakeLink(std::shared_ptr<FakeServer> server) : server_(std::move(server)) {}
    ~FakeLink() override { end(); }

    sdk::awaitable<sdk::Result<void>> call(sdk::Message request, sdk::ReplyStream& replies,
                                           sdk::Cancellation& cancellation) override {
        const std::shared_ptr<FakeServer> server = server_;
        server->got.emplace_back(request.method());
        cancellation.on_request([server] { server->asked.notify(); });
        while (server->alive && !server->answers && !cancellation.requested())
            co_await server->asked.wait();
        cancellation.on_request({});
        if (cancellation.requested()) co_return cancellation.reason();
        if (!server->alive) {
            co_return sdk::upstream_error(sdk::ErrorCode::crashed, "the server ended");
        }
        sdk::Message result = sdk::make_result(request.id(), R"({"protocolVersion":"2025-11-25"})");
        co_return co_await replies.write(std::move(result));
    }
    sdk::awaitable<sdk::Result<void>> send(sdk::Message message) override {
        server_->got.push_back(message.is_response() ? message.bytes()
                                                     : std::string(message.method()));
        co_return sdk::Result<void>();
    }
    sdk::awaitable<> close() override {
        const std::shared_ptr<FakeServer> server = server_;
        end();
        if (server->last_words.empty()) co_return;
        sdk::Message words = sdk::make_notification(server->last_words);
        co_await server->events->on_message(std::move(words));
    }
    bool alive() const noexcept override { return server_->alive; }
    std::size_t resident_bytes() const override { return server_->resident; }
    std::string peer() const override { return "fake"; }

private:
    void end() {
        server_->alive = false;
        server_->closed = true;
        server_->asked.notify();
    }

    std::shared_ptr<FakeServer> server_;  // shared with the test
};

/// What all workers' connectors do.
class FakeMachine {
public:
    std::vector<std::shared_ptr<FakeServer>> servers;  // in the order of opening
    bool refuses = false;
    bool slow = false;  // opening waits for `go_on`
    bool dies_at_once = false;
    bool answers = true;
    std::size_t opening = 0;
    std::deque<sdk::Wakeup> waiting;

    void go_on() {
        slow = false;
        for (sdk::Wakeup& each : waiting)
            each.notify();
    }
    std::size_t running() const {
        return static_cast<std::size_t>(
            std::ranges::count_if(servers, [](const auto& each) { return !each->closed; }));
    }
};

class FakeConnector final : public sdk::Connector {
public:
    explicit FakeConnector(FakeMachine& machine) : machine_(machine) {}

    sdk::awaitable<sdk::Result<std::unique_ptr<sdk::Link>>> open(sdk::LinkEvents& events,
                                                                 const sdk::LinkOptions&) override {
        ++machine_.opening;
        if (machine_.slow) co_await machine_.waiting.emplace_back().wait();
        --machine_.opening;
        if (machine_.refuses) {
            co_return sdk::upstream_error(sdk::ErrorCode::unreachable, "command not found");
        }
        auto server = std::make_shared<FakeServer>(events);
        server->answers = machine_.answers;
        machine_.servers.push_back(server);
        if (machine_.dies_at_once) server->crash();
        co_return std::make_unique<FakeLink>(std::move(server));
    }
    sdk::awaitable<> stop() override { co_return; }
    std::string target() const override { return "fake"; }

private:
    FakeMachine& machine_;
};

/// Somebody who leases a link and notes what it tells.
class Client final : public sdk::LinkEvents {
public:
    sdk::awaitable<> on_message(sdk::Message message) override {
        got.emplace_back(message.method());
        co_return;
    }
    void on_closed(const sdk::Error&) override {
        ++lost;
        knew_link = has_link();
    }

    bool waits() const { return !outcome; }
    bool has_link() const { return outcome && outcome->has_value(); }
    LinkLease& lease() { return *outcome->value(); }
    std::shared_ptr<LinkLease> held() const { return outcome->value(); }
    sdk::Error error() const { return outcome->error(); }

    Lines got;
    int lost = 0;
    bool knew_link = false;  // when it was lost
    sdk::Cancellation cancellation;
    std::optional<sdk::Result<std::shared_ptr<LinkLease>>> outcome;
};

/// Somebody who wants a call's place.
class Caller {
public:
    bool waits() const { return !outcome; }
    bool admitted() const { return outcome && outcome->has_value(); }
    sdk::Error error() const { return outcome->error(); }

    sdk::Cancellation cancellation;
    std::optional<sdk::Result<CallPermit>> outcome;
};

/// The end of a call.
class Answer final : public sdk::ReplyStream {
public:
    sdk::awaitable<sdk::Result<void>> write(sdk::Message) override {
        ++messages;
        co_return sdk::Result<void>();
    }
    sdk::awaitable<sdk::Result<void>> fail(sdk::Error, sdk::Message message) override {
        return write(std::move(message));
    }

    int messages = 0;
    sdk::Cancellation cancellation;
    std::optional<sdk::Result<void>> outcome;
};

/// Settings without pauses after failures, which most tests don't want to wait for.
inline UpstreamSettings quick() {
    UpstreamSettings settings;
    settings.pool.min_backoff = std::chrono::milliseconds(0);
    return settings;
}

/// One upstream on as many workers as wanted, all of them on the test's thread.
class UpstreamScene {
public:
    explicit UpstreamScene(const UpstreamSettings& how = quick(), std::size_t worker_count = 1)
        : settings(how), state(std::make_shared<UpstreamState>("primary", how)) {
        for (std::size_t i = 0; i < worker_count; ++i) {
            workers.push_back(std::make_unique<sdk::Worker>(i));
            upstreams.push_back(std::make_shared<Upstream>(*workers.back(), state, settings,
                                                           std::make_unique<FakeConnector>(machine),
                                                           sdk::LinkOptions(), metrics));
        }
    }
    ~UpstreamScene() {
        machine.go_on();
        stop();
        clients.clear();
        callers.clear();
        poll();
        CHECK(machine.running() == 0);
        CHECK(state->links.used() == 0);
        CHECK(state->starts.used() == 0);
        CHECK(state->spares == 0);
        CHECK(state->starting == 0);
        CHECK(state->in_flight == 0);
    }

    void stop() {
        for (std::size_t i = 0; i < workers.size(); ++i)
            spawn_logged(*workers[i], upstreams[i]->stop(), "test.stop");
        poll();
    }

    /// Lets everything happen that needs no time.
    void poll() {
        for (int round = 0; round < 4; ++round) {
            for (const auto& each : workers)
                each->poll();
        }
    }

    /// Lets time pass until `done`, within reason.
    template <class Done>
    bool poll_until(Done done) {
        const sdk::TimePoint deadline = sdk::Clock::now() + std::chrono::seconds(20);
        while (!done() && sdk::Clock::now() < deadline) {
            poll();
            std::this_thread::yield();
        }
        return done();
    }

    /// The upkeep of every worker, so much later.
    void sweep(sdk::Duration later = sdk::Duration(0)) {
        for (std::size_t i = 0; i < workers.size(); ++i)
            upstreams[i]->sweep(workers[i]->now() + later);
        poll();
    }

    Upstream& upstream(std::size_t worker = 0) { return *upstreams[worker]; }
    FakeServer& server(std::size_t index) { return *machine.servers.at(index); }

    Client& lease(std::size_t worker = 0) {
        Client& client = clients.emplace_back();
        spawn_logged(*workers[worker], take(upstream(worker), client), "test.lease");
        poll();
        return client;
    }
    Caller& admit(std::size_t bytes = 1) {
        Caller& caller = callers.emplace_back();
        spawn_logged(*workers[0], enter(upstream(), caller, bytes), "test.admit");
        poll();
        return caller;
    }
    Answer& call(std::shared_ptr<LinkLease> lease, const char* method = "tools/call") {
        Answer& answer = answers.emplace_back();
        spawn_logged(*workers[0], perform(std::move(lease), answer, method), "test.call");
        poll();
        return answer;
    }
    /// The session ends: it closes its link.
    void close(Client& client) {
        spawn_logged(*workers[0], end(*client.outcome), "test.close");
        client.outcome.reset();
        poll();
    }
    void say(std::size_t index, const char* method) {
        spawn_logged(*workers[0], server(index).events->on_message(sdk::make_notification(method)),
                     "test.say");
        poll();
    }

    static sdk::awaitable<> take(Upstream& upstream, Client& client) {
        client.outcome = co_await upstream.lease(client, &client.cancellation);
    }
    static sdk::awaitable<> enter(Upstream& upstream, Caller& caller, std::size_t bytes) {
        sdk::Result<CallPermit> permit = co_await upstream.admit(bytes, &caller.cancellation);
        caller.outcome.emplace(std::move(permit));
    }
    static sdk::awaitable<> perform(std::shared_ptr<LinkLease> lease, Answer& answer,
                                    const char* method) {
        sdk::Message request = sdk::make_request("1", method);
        answer.outcome =
            co_await lease->link().call(std::move(request), answer, answer.cancellation);
    }
    static sdk::awaitable<> end(sdk::Result<std::shared_ptr<LinkLease>> lease) {
        const std::shared_ptr<LinkLease> held = *std::move(lease);
        co_await held->link().close();
    }

    /// The value of a counter or gauge of the upstream; -1 when there is none.
    std::int64_t metric(const char* name, const char* label = "", const char* value = "") const {
        for (const sdk::MetricFamily& family : metrics.snapshot()) {
            if (family.name != name) continue;
            for (const sdk::Sample& sample : family.samples) {
                const std::pair<std::string, std::string> wanted(label, value);
                if (*label == '\0' || std::ranges::count(sample.labels, wanted) == 1)
                    return sample.buckets.empty()
                               ? sample.value
                               : static_cast<std::int64_t>(sample.buckets.back());
            }
        }
        return -1;
    }

    UpstreamSettings settings;
    std::shared_ptr<UpstreamState> state;  // shared with the upstreams
    sdk::Metrics metrics;
    FakeMachine machine;
    std::vector<std::unique_ptr<sdk::Worker>> workers;
    std::vector<std::shared_ptr<Upstream>> upstreams;
    std::deque<Client> clients;
    std::deque<Caller> callers;
    std::deque<Answer> answers;
};

}  // namespace shadowcat::core
