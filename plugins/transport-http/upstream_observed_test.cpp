// SPDX-License-Identifier: Apache-2.0
// What transport observers are told of exchanges with a server, and links that are killed.
#include "testing/recording_observer.hpp"
#include "testing/upstream_scene.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::http;
using namespace shadowcat::http::testing;

namespace {

using Then = ServerAnswer::Then;

/// A client's exchange that has a number.
class Numbered final : public ReplyStream {
public:
    awaitable<Result<void>> write(Message reply) override {
        got.push_back(reply.bytes());
        co_return Result<void>();
    }
    awaitable<Result<void>> fail(Error, Message response) override {
        return write(std::move(response));
    }
    std::uint64_t stream() const noexcept override { return 7; }

    Lines got;
};

/// An observed scene; what its own end causes is not of interest.
class Watched {
public:
    explicit Watched(ScriptedServer::Script script) : scene(std::move(script)) {
        scene.worker.set_observer(&observer);
        scene.link->set_session("s1");
    }
    ~Watched() { scene.worker.set_observer(nullptr); }

    awaitable<> perform(Numbered& client, Message request) {
        Cancellation never;
        outcome = co_await scene.link->call(std::move(request), client, never);
    }

    void call(Numbered& client, std::string_view text) {
        outcome.reset();
        spawn_logged(scene.worker, perform(client, message(text)), "test.call");
        CHECK(scene.wait([&] { return outcome.has_value(); }));
    }

    RecordingObserver observer;
    UpstreamScene scene;
    std::optional<Result<void>> outcome;
};

bool is_tool_call(const ServerRequest& request) {
    return request.body.find("tools/call") != std::string::npos;
}

}  // namespace

TEST_CASE("an exchange with a server names upstream, session and the client's exchange") {
    Watched watched(usual);
    Numbered client;
    watched.call(client, kCall);
    CHECK(watched.outcome->has_value());
    CHECK(watched.observer.lines() == Lines{"up request #7 s1 test POST /mcp",
                                            "up response #7 s1 test 200",
                                            "up closed #7 s1 test complete"});
    CHECK(watched.observer.has_field("Content-Type: application/json"));
    CHECK(watched.observer.has_field("Accept: application/json, text/event-stream"));
}

TEST_CASE("events of a server are told as they stood in the stream") {
    const std::string stream = "id: 1\nretry: 250\ndata:\n\n" +
                               event(R"({"jsonrpc":"2.0","method":"note"})") +
                               "event: ping\ndata: x\n\n" + event(result("1"), "2");
    Watched watched([&](const ServerRequest& request) {
        return is_tool_call(request) ? ServerAnswer::events(stream) : usual(request);
    });
    Numbered client;
    watched.call(client, kCall);
    CHECK(client.got.size() == 2);
    CHECK(watched.scene.wait([&] { return watched.observer.lines().size() == 7; }));
    CHECK(watched.observer.lines() ==
          Lines{"up request #7 s1 test POST /mcp", "up response #7 s1 test 200",
                "up event #7 s1 test id=1 retry=250", "up event #7 s1 test message bytes=33",
                "up event #7 s1 test ping bytes=1", "up event #7 s1 test message id=2 bytes=36",
                "up closed #7 s1 test complete"});
}

TEST_CASE("a server that goes away in the middle is told") {
    Watched watched([&](const ServerRequest& request) {
        return is_tool_call(request) ? ServerAnswer::events(": hello\n\n", Then::close)
                                     : usual(request);
    });
    Numbered client;
    watched.call(client, kCall);
    CHECK(watched.outcome->has_error());
    const Lines lines = watched.observer.lines();
    REQUIRE(lines.size() == 3);
    CHECK(lines[2] == "up closed #7 s1 test server gone");
}

TEST_CASE("a killed link fails its calls as a crash would, and tells its owner") {
    Watched watched([&](const ServerRequest& request) {
        return is_tool_call(request) ? ServerAnswer("", Then::stay) : usual(request);
    });
    watched.scene.open_session();
    Numbered client;
    spawn_logged(watched.scene.worker, watched.perform(client, message(kCall)), "test.call");
    CHECK(watched.scene.wait([&] { return watched.scene.server.requests.size() == 3; }));
    watched.scene.link->kill();
    CHECK(watched.scene.wait([&] { return watched.outcome.has_value(); }));
    REQUIRE(watched.outcome->has_error());
    CHECK(watched.outcome->error().code() == ErrorCode::crashed);
    CHECK_FALSE(watched.scene.link->alive());
    CHECK(watched.scene.wait([&] { return watched.scene.events.closed.size() == 1; }));
    CHECK(watched.observer.lines().back() == "up closed #7 s1 test given up");
}
