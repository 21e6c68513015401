// SPDX-License-Identifier: Apache-2.0
// For tests: a bridge between clients that note all and sessions that say what the test says.
#pragma once

#include "shadowcat/sdk/json_edit.hpp"
#include "shadowcat/sdk/json_rpc.hpp"
#include "shadowcat/sdk/spawn.hpp"

#include "core/bridge/to_sessions/stateless_bridge.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <deque>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace shadowcat::core::bridge_test {

using Lines = std::vector<std::string>;

inline sdk::Message message_of(std::string_view text) {
    return sdk::Message::parse(std::string(text)).value();
}

/// A session of the core's, from below: the test plays the server.
class FakeSession final : public sdk::ClientSession,
                          public std::enable_shared_from_this<FakeSession> {
public:
    class Call {
    public:
        Call(sdk::Message of, sdk::ReplyStream& to) : request(std::move(of)), replies(&to) {}
        sdk::Message request;
        sdk::ReplyStream* replies;
        sdk::Wakeup done;
        bool over = false;
    };

    FakeSession(std::string owner, std::string initialize_result)
        : principal(std::move(owner)), initialized(std::move(initialize_result)) {}

    const std::string& id() const noexcept override { return principal; }
    std::string_view revision() const noexcept override { return "2025-11-25"; }

    sdk::awaitable<> request(sdk::Message request, sdk::ReplyStream& replies) override {
        const auto self = shared_from_this();
        got.push_back(request.bytes());
        const bool hello = request.method() == "initialize" && !initialized.empty();
        const std::string id(request.id());
        if (fails_with) {
            sdk::Error error = *fails_with;
            sdk::Message response = sdk::make_error(id, error);
            co_await replies.fail(std::move(error), std::move(response));
            co_return;
        }
        if (hello || answers_at_once(request)) {
            sdk::Message answer = sdk::make_result(id, hello ? initialized : "{}");
            co_await replies.write(std::move(answer));
            co_return;
        }
        const auto call = std::make_shared<Call>(std::move(request), replies);
        calls.push_back(call);
        if (!call->over) co_await call->done.wait();
    }
    sdk::awaitable<sdk::Result<void>> notify(sdk::Message said) override {
        got.push_back(said.bytes());
        if (said.method() == "notifications/cancelled") finish(said.cancelled_id());
        co_return sdk::Result<void>();
    }
    sdk::awaitable<sdk::Result<void>> listen(sdk::ReplyStream& to, std::string_view) override {
        const auto self = shared_from_this();
        stream = &to;
        ++listened;
        co_await stopped.wait();
        stream = nullptr;
        co_return sdk::Result<void>();
    }
    sdk::Result<void> can_listen(std::string_view) const override { return {}; }
    void stop_listening(const sdk::ReplyStream&) override { stopped.notify(); }
    sdk::awaitable<> end() override {
        ended = true;
        stopped.notify();
        while (!calls.empty()) {
            const std::shared_ptr<Call> call = calls.back();
            sdk::Error error(sdk::ErrorCode::closed, "the session has ended");
            sdk::Message response = sdk::make_error(call->request.id(), error);
            co_await call->replies->fail(std::move(error), std::move(response));
            finish(call->request.id());
        }
    }

    void finish(std::string_view id) {
        const auto named = std::find_if(calls.begin(), calls.end(),
                                        [&](const auto& each) { return each->request.id() == id; });
        if (named == calls.end()) return;
        const std::shared_ptr<Call> call = *named;
        calls.erase(named);
        call->over = true;
        call->done.notify();
    }

    std::string principal;
    std::string initialized;  // what answers `initialize`; empty: the test does
    std::vector<std::string> at_once = {"logging/setLevel", "resources/subscribe",
                                        "resources/unsubscribe"};
    Lines got;
    std::vector<std::shared_ptr<Call>> calls;  // in flight
    std::optional<sdk::Error> fails_with;
    sdk::ReplyStream* stream = nullptr;
    sdk::Wakeup stopped;
    unsigned listened = 0;
    bool ended = false;

private:
    bool answers_at_once(const sdk::Message& request) const {
        return std::find(at_once.begin(), at_once.end(), request.method()) != at_once.end();
    }
};

class FakeService final : public sdk::Service {
public:
    sdk::Result<std::shared_ptr<sdk::ClientSession>> open(const sdk::ClientInfo& client) override {
        if (refuses) return *refuses;
        sessions.push_back(
            std::make_shared<FakeSession>(std::string(client.principal), initialize_result));
        return std::shared_ptr<sdk::ClientSession>(sessions.back());
    }
    sdk::Result<std::shared_ptr<sdk::ClientSession>> find(std::string_view,
                                                          const sdk::ClientInfo&) override {
        return sdk::Error(sdk::ErrorCode::unknown_session, "not here");
    }
    bool accepts_revision(std::string_view) const noexcept override { return true; }

    std::string initialize_result =
        R"({"protocolVersion":"2025-11-25","capabilities":{"tools":{"listChanged":true},"logging":{},"resources":{"subscribe":true}},"serverInfo":{"name":"s","version":"1"}})";
    std::vector<std::shared_ptr<FakeSession>> sessions;
    std::optional<sdk::Error> refuses;
};

/// One exchange of a client.
class Client final : public sdk::ReplyStream {
public:
    sdk::awaitable<sdk::Result<void>> write(sdk::Message reply) override {
        if (gone) co_return sdk::downstream_error(sdk::ErrorCode::closed, "the client has gone");
        got.push_back(reply.bytes());
        if (slow) co_await reads.wait();
        co_return sdk::Result<void>();
    }
    sdk::awaitable<sdk::Result<void>> fail(sdk::Error error, sdk::Message response) override {
        failure = error;
        return write(std::move(response));
    }

    /// A member of the last result; `error.code` and the like with `error`.
    std::string result(std::string_view key) const {
        return got.empty() ? "" : std::string(sdk::json::at(got.back(), {"result", key}));
    }
    std::string error(std::string_view key) const {
        return got.empty() ? "" : std::string(sdk::json::at(got.back(), {"error", key}));
    }

    Lines got;
    std::optional<sdk::Error> failure;
    sdk::Cancellation cancellation;
    bool done = false;
    bool gone = false;
    bool slow = false;  // it takes a message when the test notifies `reads`
    sdk::Wakeup reads;
};

inline constexpr std::string_view kAll =
    R"({"elicitation":{"form":{},"url":{}},"sampling":{},"roots":{}})";

/// Text of a request of revision 2026-07-28. `params` without braces and `_meta`.
inline std::string request(std::string_view id, std::string_view method, std::string_view params,
                           std::string_view capabilities = "{}", std::string_view meta = {}) {
    std::string text = R"({"jsonrpc":"2.0","id":)" + std::string(id) + R"(,"method":")" +
                       std::string(method) + R"(","params":{)" + std::string(params);
    if (!params.empty()) text += ',';
    text += R"("_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
            R"("io.modelcontextprotocol/clientCapabilities":)" +
            std::string(capabilities);
    if (!meta.empty()) text.append(",").append(meta);
    return text + "}}}";
}

class BridgeStage {
public:
    explicit BridgeStage(const BridgeSettings& how = BridgeSettings()) : settings(how) {}
    ~BridgeStage() {
        stop();
        CHECK(worker.gate().inside() == 0);
        for (const auto& each : service.sessions)
            CHECK(each->ended);
    }

    /// Starts a request; what becomes of it is in the client that is given.
    Client& perform(std::string_view text, std::string principal = "alice") {
        Client& client = clients.emplace_back();
        spawn_logged(worker, run(*this, client, message_of(text), std::move(principal)),
                     "test.perform");
        worker.poll();
        return client;
    }

    FakeSession& session(std::size_t index = 0) { return *service.sessions.at(index); }

    /// What the session was sent last.
    const std::string& last(std::size_t index = 0) { return session(index).got.back(); }

    /// The session's server says `text` along with its newest call; a response ends that call.
    void say(std::string_view text, std::size_t index = 0) { say_together({text}, index); }

    /// The same for several messages, between which no time passes.
    void say_together(std::initializer_list<std::string_view> texts, std::size_t index = 0) {
        FakeSession& on = session(index);
        REQUIRE_FALSE(on.calls.empty());
        const std::shared_ptr<FakeSession::Call> call = on.calls.back();
        for (const std::string_view text : texts)
            spawn_logged(worker, write(service.sessions.at(index), call, message_of(text)),
                         "test.say");
        worker.poll();
    }
    void say_along(std::shared_ptr<FakeSession::Call> call, std::string_view text) {
        spawn_logged(worker, write(service.sessions.at(0), std::move(call), message_of(text)),
                     "test.say");
        worker.poll();
    }

    /// The newest call is answered.
    void answer(std::string_view result, std::size_t index = 0) {
        const std::string id(session(index).calls.back()->request.id());
        say(R"({"jsonrpc":"2.0","id":)" + id + R"(,"result":)" + std::string(result) + "}", index);
    }

    /// The session says something by itself.
    void announce(std::string_view text, std::size_t index = 0) {
        REQUIRE(session(index).stream);
        spawn_logged(worker, write_stream(*session(index).stream, message_of(text)),
                     "test.announce");
        worker.poll();
    }

    /// Runs until `happened`, at most two seconds.
    template <class Condition>
    void until(Condition happened) {
        const auto limit = sdk::Clock::now() + std::chrono::seconds(2);
        while (!happened() && sdk::Clock::now() < limit) {
            worker.context().restart();
            worker.context().run_one_for(std::chrono::milliseconds(50));
        }
        CHECK(happened());
        worker.poll();
    }
    void until_done(const Client& client) {
        until([&] { return client.done; });
    }

    void cancel(Client& client) {
        client.cancellation.request(
            sdk::downstream_error(sdk::ErrorCode::cancelled, "the client has gone"));
        worker.poll();
    }
    void stop() {
        spawn_logged(worker, bridge.stop(), "test.stop");
        until([&] { return worker.gate().inside() == 0; });
    }
    void later(std::chrono::seconds by) {
        bridge.sweep(worker.now() + by);
        worker.poll();
    }

    sdk::Worker worker;
    BridgeSettings settings;
    FakeService service;
    Seal seal;
    std::deque<Client> clients;
    StatelessBridge bridge = StatelessBridge(worker, service, settings, seal);

private:
    static sdk::awaitable<> run(BridgeStage& stage, Client& client, sdk::Message request,
                                std::string principal) {
        const sdk::ClientInfo who(principal, "127.0.0.1");
        co_await stage.bridge.perform(std::move(request), who, client, client.cancellation);
        client.done = true;
    }
    static sdk::awaitable<> write(std::shared_ptr<FakeSession> session,
                                  std::shared_ptr<FakeSession::Call> call, sdk::Message said) {
        const bool last = said.is_response();
        co_await call->replies->write(std::move(said));
        if (last) session->finish(call->request.id());
    }
    static sdk::awaitable<> write_stream(sdk::ReplyStream& stream, sdk::Message said) {
        co_await stream.write(std::move(said));
    }
};

}  // namespace shadowcat::core::bridge_test
