// SPDX-License-Identifier: Apache-2.0
// For tests: workers on which messages are paused, and a control socket without a socket.
#pragma once

#include "shadowcat/sdk/spawn.hpp"

#include "breakpoints/breakpoints.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace shadowcat::intercept::testing {

/// Remembers what is served.
class Host final : public sdk::ControlHost {
public:
    std::shared_ptr<void> serve(std::string verb, Handler handler) override {
        handlers[verb] = std::move(handler);
        return std::shared_ptr<void>(nullptr, [this, verb](void*) { handlers.erase(verb); });
    }

    std::map<std::string, Handler> handlers;
};

class Peer final : public sdk::ControlPeer {
public:
    sdk::awaitable<sdk::Result<void>> send(sdk::Json line) override {
        if (gone_) co_return sdk::Error(sdk::ErrorCode::closed, "gone");
        lines.push_back(std::move(line));
        co_return sdk::Result<void>();
    }
    bool gone() const noexcept override { return gone_; }
    void on_gone(std::function<void()> callback) override { callback_ = std::move(callback); }

    void go() {
        gone_ = true;
        if (const auto callback = std::exchange(callback_, {})) callback();
    }

    std::vector<sdk::Json> lines;

private:
    bool gone_ = false;
    std::function<void()> callback_;
};

/// One message on its way, and what became of it.
class Traveller {
public:
    explicit Traveller(std::string text,
                       sdk::Direction direction = sdk::Direction::client_to_server)
        : message(*sdk::Message::parse(std::move(text))), context(direction, "s-1", "server") {
        context.method = "tools/call";
        context.name = "echo";
        context.cancellation = &cancellation;
        settings.rule = "stop here";
    }
    Traveller(const Traveller&) = delete;

    sdk::awaitable<> travel(std::shared_ptr<Breakpoints> breakpoints, sdk::Worker& worker) {
        verdict = co_await breakpoints->pause(worker, message, context, settings);
    }

    /// `waits`, `pass` or `drop`.
    std::string fate() const {
        if (!verdict) return "waits";
        return verdict->kind() == sdk::Verdict::Kind::pass ? "pass" : "drop";
    }

    sdk::Message message;
    sdk::MessageContext context;
    sdk::Cancellation cancellation;
    PauseSettings settings;
    std::optional<sdk::Verdict> verdict;
};

inline const std::string kCall =
    R"({"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"echo","n":9007199254740993}})";

/// Breakpoints with a host; everything on one worker whose time is this test's.
class Scene {
public:
    Scene() : breakpoints(Breakpoints::create(host, 2)) {}

    void start(Traveller& traveller) {
        spawn_logged(worker, traveller.travel(breakpoints, worker), "travel");
        worker.poll();
    }

    /// What the proxy answers, with an error as `{"error": …}`.
    std::vector<sdk::Json> ask(const std::string& verb, sdk::Json request = sdk::Json::object()) {
        Peer peer;
        spawn_logged(worker, answer(verb, std::move(request), peer), "answer");
        worker.poll();
        return peer.lines;
    }

    sdk::awaitable<> answer(std::string verb, sdk::Json request, Peer& peer) {
        const sdk::ControlHost::Handler handler = host.handlers.at(verb);
        auto answering = handler(std::move(request), peer);
        const sdk::Result<void> done = co_await std::move(answering);
        if (!done.has_error()) co_return;
        sdk::Json line = sdk::Json::object();
        line["error"] = done.error().message();
        peer.lines.push_back(std::move(line));
    }

    Host host;
    sdk::Worker worker;
    std::shared_ptr<Breakpoints> breakpoints;
};

/// The error that answers; empty if there is none.
inline std::string error_in(const std::vector<sdk::Json>& lines) {
    return lines.empty() ? "" : lines.front().value("error", "");
}

}  // namespace shadowcat::intercept::testing
