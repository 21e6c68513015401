// SPDX-License-Identifier: Apache-2.0
// ControlServer: what clients see, those that behave and those that don't.
#include "core/control/control_server.hpp"

#include "shadowcat/sdk/control_client.hpp"
#include "shadowcat/sdk/spawn.hpp"
#include "shadowcat/sdk/wakeup.hpp"

#include "core/control/test_runtime.hpp"

#include <boost/asio/executor_work_guard.hpp>

#include <doctest/doctest.h>

#include <atomic>
#include <future>
#include <thread>

using namespace shadowcat::core;
using namespace shadowcat::core::testing;
using sdk::ControlPeer;
using sdk::Json;

namespace {

using Answer = sdk::awaitable<sdk::Result<void>>;
using Lines = std::vector<std::string>;

/// What the handlers below and the test tell each other.
class Story {
public:
    std::promise<void> begun, over;
    std::atomic<int> sent{0};
    sdk::ErrorCode last = sdk::ErrorCode::internal;
};

Answer count_to(int end, ControlPeer& peer) {
    for (int i = 1; i <= end; ++i) {
        const sdk::Result<void> sent = co_await peer.send(Json(i));
        if (sent.has_error()) co_return sent.error();
    }
    co_return sdk::Result<void>();
}

Answer refuse_everything() {
    co_return sdk::Error(sdk::ErrorCode::blocked, "no message 7 is paused");
}

Answer throw_up() {
    throw std::runtime_error("on purpose");
    co_return sdk::Result<void>();
}

/// Until the peer has gone.
Answer wait_for_end(Story& story, ControlPeer& peer) {
    sdk::Wakeup wakeup;
    peer.on_gone([&wakeup] { wakeup.notify(); });
    story.begun.set_value();
    while (!peer.gone())
        co_await wakeup.wait();
    peer.on_gone(nullptr);
    story.over.set_value();
    co_return sdk::Result<void>();
}

/// More than a peer that doesn't read can be sent.
Answer talk_on(Story& story, ControlPeer& peer) {
    const Json line = std::string(100'000, 'x');
    for (;;) {
        const sdk::Result<void> sent = co_await peer.send(line);
        if (sent.has_value()) {
            ++story.sent;
            continue;
        }
        story.last = sent.error().code();
        story.over.set_value();
        co_return sdk::Result<void>();
    }
}

/// A server with a worker that runs.
class Served {
public:
    explicit Served(const ControlLimits& limits = ControlLimits())
        : path(runtime.path("c.sock")), server(worker, verbs, limits), guard_(worker.executor()) {
        if (server.start(path).has_error()) throw std::runtime_error("not started");
        thread_ = std::thread([this] { worker.run(); });
    }
    Served(const Served&) = delete;
    Served& operator=(const Served&) = delete;
    ~Served() { stop(); }

    void stop() {
        if (!thread_.joinable()) return;
        spawn_on(
            worker, [this] { return server.stop(); }, "stop");
        guard_.reset();
        thread_.join();
    }

    template <class Perform>
    void serve(const char* verb, Perform perform) {
        registrations_.push_back(verbs.serve(
            verb,
            [perform](const Json& request, ControlPeer& peer) { return perform(request, peer); }));
    }

    /// Everything that `command` is answered, errors included.
    Lines ask(const Json& command) const {
        Lines lines;
        auto client = sdk::ControlClient::send(path, command);
        while (client.has_value()) {
            const auto line = client->receive();
            if (line.has_error()) lines.push_back(line.error().message());
            if (line.has_error() || !line->has_value()) return lines;
            lines.push_back((*line)->dump());
        }
        return {client.error().message()};
    }

    std::string say(const std::string& text) const {
        const RawClient client(path);
        if (!client.say(text)) return "nobody listens";
        return client.listen();
    }

    Runtime runtime;
    std::string path;
    sdk::Worker worker;
    ControlVerbs verbs;
    ControlServer server;

private:
    sdk::asio::executor_work_guard<sdk::Executor> guard_;
    std::vector<std::shared_ptr<void>> registrations_;
    std::thread thread_;
};

void serve_counting(Served& served) {
    served.serve("count", [](const Json& request, ControlPeer& peer) {
        return count_to(request.at("to").get<int>(), peer);
    });
}

void serve_waiting(Served& served, Story& story) {
    served.serve("wait",
                 [&story](const Json&, ControlPeer& peer) { return wait_for_end(story, peer); });
}

bool comes_true(std::promise<void>& promise) {
    return promise.get_future().wait_for(std::chrono::seconds(20)) == std::future_status::ready;
}

}  // namespace

TEST_CASE("a command is answered line by line, then the connection closes") {
    Served served;
    serve_counting(served);
    CHECK(served.ask({{"verb", "count"}, {"to", 3}}) == Lines{"1", "2", "3"});
    CHECK(served.ask({{"verb", "count"}, {"to", 0}}).empty());
}

TEST_CASE("what is no command, or unknown, is refused with what there is") {
    Served served;
    serve_counting(served);
    serve_counting(served);
    served.serve("other", [](const Json&, ControlPeer&) { return refuse_everything(); });
    CHECK(served.ask({{"verb", "cuont"}}) ==
          Lines{"this proxy has no command 'cuont'; it has: count, other"});
    const std::string no_command =
        R"({"error":"a command is a JSON object with a member 'verb', on one line"})"
        "\n";
    CHECK(served.say("hello\n") == no_command);
    CHECK(served.say("[1]\n") == no_command);
    CHECK(served.say("{\"verb\":1}\n") == no_command);
    CHECK(served.say("\n") == no_command);
}

TEST_CASE("errors of a handler are one line, whatever they are") {
    Served served;
    served.serve("refuse", [](const Json&, ControlPeer&) { return refuse_everything(); });
    served.serve("throw", [](const Json&, ControlPeer&) { return throw_up(); });
    serve_counting(served);
    CHECK(served.ask({{"verb", "refuse"}}) == Lines{"no message 7 is paused"});
    const std::string failed = "the command failed; see the proxy's log";
    CHECK(served.ask({{"verb", "throw"}}) == Lines{failed});
    CHECK(served.ask({{"verb", "count"}}) == Lines{failed});  // thrown before its coroutine began
}

TEST_CASE("a command may be long, but not longer than the limit") {
    ControlLimits limits;
    limits.max_line = 500'000;
    Served served(limits);
    serve_counting(served);
    const std::string filling(400'000, 'x');
    CHECK(served.ask({{"verb", "count"}, {"to", 1}, {"filling", filling}}) == Lines{"1"});
    CHECK(served.ask({{"verb", "count"}, {"to", 1}, {"filling", filling + filling}}) ==
          Lines{"the command is longer than 500000 bytes"});
}

TEST_CASE("who has said all still listens; a line without an end is one too") {
    Served served;
    serve_counting(served);
    const RawClient client(served.path);
    CHECK(client.say(R"({"verb":"count","to":2})"));
    client.say_no_more();
    CHECK(client.listen() == "1\n2\n");
}

TEST_CASE("a peer that goes is noticed while nothing is sent, and others don't wait for it") {
    Served served;
    Story story;
    serve_counting(served);
    serve_waiting(served, story);
    {
        const RawClient client(served.path);
        CHECK(client.say("{\"verb\":\"wait\"}\n"));
        client.say_no_more();
        CHECK(comes_true(story.begun));
        CHECK(served.ask({{"verb", "count"}, {"to", 1}}) == Lines{"1"});
    }
    CHECK(comes_true(story.over));
}

TEST_CASE("a peer that doesn't read is given up") {
    ControlLimits limits;
    limits.write_timeout = std::chrono::milliseconds(50);
    Served served(limits);
    Story story;
    served.serve("talk", [&story](const Json&, ControlPeer& peer) { return talk_on(story, peer); });
    const RawClient client(served.path);
    CHECK(client.say("{\"verb\":\"talk\"}\n"));
    CHECK(comes_true(story.over));
    CHECK(story.last == sdk::ErrorCode::closed);
    CHECK(story.sent < 100);
}

TEST_CASE("a peer that asks for nothing is given up") {
    ControlLimits limits;
    limits.read_timeout = std::chrono::milliseconds(50);
    const Served served(limits);
    CHECK(served.say("{\"verb\":").empty());
}

TEST_CASE("there is a limit to how many ask at a time") {
    ControlLimits limits;
    limits.max_connections = 1;
    Served served(limits);
    Story story;
    serve_counting(served);
    serve_waiting(served, story);
    {
        const RawClient client(served.path);
        CHECK(client.say("{\"verb\":\"wait\"}\n"));
        CHECK(comes_true(story.begun));
        CHECK(served.ask({{"verb", "count"}, {"to", 1}}) ==
              Lines{"too many commands at a time, try again later"});
    }
    CHECK(comes_true(story.over));
}

TEST_CASE("the end of the server ends what is being performed, and removes its socket") {
    Served served;
    Story story;
    serve_waiting(served, story);
    const RawClient client(served.path);
    CHECK(client.say("{\"verb\":\"wait\"}\n"));
    CHECK(comes_true(story.begun));
    served.stop();
    CHECK(comes_true(story.over));
    CHECK(client.listen().empty());
    CHECK_FALSE(std::filesystem::exists(served.path));
    CHECK(served.server.path().empty());
}

TEST_CASE("only the proxy's user, and root, may command") {
    CHECK(may_command(1000, 1000));
    CHECK(may_command(0, 1000));
    CHECK_FALSE(may_command(1001, 1000));
    CHECK_FALSE(may_command(1000, 0));
}
