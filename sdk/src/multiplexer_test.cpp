// SPDX-License-Identifier: Apache-2.0
// A link over a pipe, played as transcripts: what the server sees, what each client gets.
#include "shadowcat/sdk/multiplexer.hpp"

#include "shadowcat/sdk/json_rpc.hpp"
#include "shadowcat/sdk/mailbox.hpp"
#include "shadowcat/sdk/spawn.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::sdk;

namespace {

Message message(std::string_view text) { return Message::parse(std::string(text)).value(); }

/// The server's end: what it was sent, and a way to make it speak.
class Server {
public:
    std::vector<std::string> got;
    Mailbox<Message> says = Mailbox<Message>(100);
};

class ScriptedPipe final : public Pipe {
public:
    explicit ScriptedPipe(Server& server) : server_(server) {}

    awaitable<Result<void>> send(std::span<Message> messages) override {
        for (const Message& each : messages)
            server_.got.push_back(each.bytes());
        co_return Result<void>();
    }
    awaitable<Result<Message>> receive() override {
        std::optional<Message> next = co_await server_.says.pop();
        if (!next) co_return upstream_error(ErrorCode::crashed, "the server ended");
        co_return *std::move(next);
    }
    awaitable<> close() override {
        server_.says.close();
        co_return;
    }
    std::string peer() const override { return "scripted"; }

private:
    Server& server_;
};

class Client final : public ReplyStream {
public:
    awaitable<Result<void>> write(Message reply) override {
        got.push_back(reply.bytes());
        if (hold) co_await released.wait();
        co_return Result<void>();
    }
    awaitable<Result<void>> fail(Error, Message response) override {
        return write(std::move(response));
    }

    std::vector<std::string> got;
    Cancellation cancellation;
    std::optional<Result<void>> outcome;
    bool hold = false;
    Wakeup released;
};

class Events final : public LinkEvents {
public:
    awaitable<> on_message(Message unsolicited) override {
        got.push_back(unsolicited.bytes());
        co_return;
    }
    void on_closed(const Error& error) override { closed = error; }

    std::vector<std::string> got;
    std::optional<Error> closed;
};

class Scene {
public:
    explicit Scene(const LinkOptions& options = LinkOptions())
        : link(make_link(worker, std::make_unique<ScriptedPipe>(server), events, options)) {
        worker.poll();
    }
    ~Scene() {
        link.reset();
        worker.poll();
        CHECK(worker.gate().inside() == 0);
    }

    /// The client is declared before the scene, whose end may still write to it.
    void call(Client& client, std::string_view text) {
        spawn_logged(worker, perform(client, message(text)), "test.call");
        worker.poll();
    }
    void say(std::string_view text) {
        CHECK(server.says.try_push(message(text)));
        worker.poll();
    }
    awaitable<> perform(Client& client, Message request) {
        client.outcome = co_await link->call(std::move(request), client, client.cancellation);
    }

    Worker worker;
    Server server;
    Events events;
    std::unique_ptr<Link> link;
};

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("two clients with the same id get their own answers, in any order") {
    Client a, b;
    Scene scene;
    scene.call(a, R"({"jsonrpc":"2.0","id":1,"method":"a"})");
    scene.call(b, R"({"jsonrpc":"2.0","id":1,"method":"b"})");
    CHECK(scene.server.got == Lines{R"({"jsonrpc":"2.0","id":1024,"method":"a"})",
                                    R"({"jsonrpc":"2.0","id":2049,"method":"b"})"});
    scene.say(R"({"jsonrpc":"2.0","id":2049,"result":{"for":"b"}})");
    scene.say(R"({"jsonrpc":"2.0","id":1024,"result":{"for":"a"}})");
    CHECK(a.got == Lines{R"({"jsonrpc":"2.0","id":1,"result":{"for":"a"}})"});
    CHECK(b.got == Lines{R"({"jsonrpc":"2.0","id":1,"result":{"for":"b"}})"});
    CHECK(a.outcome->has_value());
}

TEST_CASE("an id gets its JSON type back, and a number is not a string") {
    Client a;
    Scene scene;
    scene.call(a, R"({"jsonrpc":"2.0","id":"0","method":"a"})");
    scene.say(R"({"jsonrpc":"2.0","id":"1024","result":{}})");
    CHECK(a.got.empty());
    scene.say(R"({"jsonrpc":"2.0","id":1024,"result":{}})");
    CHECK(a.got == Lines{R"({"jsonrpc":"2.0","id":"0","result":{}})"});
}

TEST_CASE("progress reaches its owner before the response, with the owner's token") {
    Client a, b;
    Scene scene;
    scene.call(a,
               R"({"jsonrpc":"2.0","id":1,"method":"x","params":{"_meta":{"progressToken":"t"}}})");
    scene.call(b,
               R"({"jsonrpc":"2.0","id":2,"method":"x","params":{"_meta":{"progressToken":"t"}}})");
    CHECK(scene.server.got[0] ==
          R"({"jsonrpc":"2.0","id":1024,"method":"x","params":{"_meta":{"progressToken":1024}}})");
    scene.say(
        R"({"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1024,"progress":1}})");
    scene.say(R"({"jsonrpc":"2.0","id":1024,"result":{}})");
    scene.say(
        R"({"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1024,"progress":2}})");
    CHECK(
        a.got ==
        Lines{
            R"({"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"t","progress":1}})",
            R"({"jsonrpc":"2.0","id":1,"result":{}})"});
    CHECK(b.got.empty());
    CHECK(scene.events.got.empty());
}

TEST_CASE(
    "on an exclusive link requests and log lines go to the newest call, changes to the session") {
    Client a;
    Scene scene;
    const std::string ask =
        R"({"jsonrpc":"2.0","id":7,"method":"sampling/createMessage","params":{}})";
    const std::string changed = R"({"jsonrpc":"2.0","method":"notifications/tools/list_changed"})";
    scene.call(a, R"({"jsonrpc":"2.0","id":1,"method":"x"})");
    scene.say(ask);
    scene.say(changed);
    CHECK(a.got == Lines{ask});
    CHECK(scene.events.got == Lines{changed});
}

TEST_CASE("on a shared link what the server says by itself goes to the owner of the link") {
    LinkOptions shared;
    shared.exclusive = false;
    Client a;
    Scene scene(shared);
    const std::string ask = R"({"jsonrpc":"2.0","id":7,"method":"roots/list"})";
    scene.call(a, R"({"jsonrpc":"2.0","id":1,"method":"x"})");
    scene.say(ask);
    CHECK(a.got.empty());
    CHECK(scene.events.got == Lines{ask});
}

TEST_CASE(
    "a client's cancellation reaches the server under the id it knows; the late answer is "
    "dropped") {
    Client a, b;
    Scene scene;
    scene.call(a, R"({"jsonrpc":"2.0","id":"c","method":"x"})");
    a.cancellation.request(
        downstream_error(ErrorCode::cancelled, "by the client"),
        message(
            R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"c","reason":"changed my mind"}})"));
    scene.worker.poll();
    CHECK(
        scene.server.got.back() ==
        R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1024,"reason":"changed my mind"}})");
    REQUIRE(a.outcome);
    CHECK(a.outcome->error().code() == ErrorCode::cancelled);
    scene.say(R"({"jsonrpc":"2.0","id":1024,"result":{}})");
    CHECK(a.got.empty());
    scene.call(b, R"({"jsonrpc":"2.0","id":1,"method":"x"})");
    CHECK(scene.server.got.back() == R"({"jsonrpc":"2.0","id":2048,"method":"x"})");
}

TEST_CASE("a timeout cancels with its reason, but never an initialize") {
    Client a, b;
    Scene scene;
    scene.call(a, R"({"jsonrpc":"2.0","id":1,"method":"x"})");
    scene.call(b, R"({"jsonrpc":"2.0","id":2,"method":"initialize"})");
    a.cancellation.request(Error(ErrorCode::timed_out, "too long"));
    b.cancellation.request(Error(ErrorCode::timed_out, "too long"));
    scene.worker.poll();
    REQUIRE(scene.server.got.size() == 3);
    CHECK(
        scene.server.got.back() ==
        R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1024,"reason":"timed_out"}})");
}

TEST_CASE("a server that ends fails every call in flight, once, and says so") {
    Client a, b;
    Scene scene;
    scene.call(a, R"({"jsonrpc":"2.0","id":1,"method":"x"})");
    scene.call(b, R"({"jsonrpc":"2.0","id":2,"method":"x"})");
    scene.server.says.close();
    scene.worker.poll();
    CHECK(a.outcome->error().code() == ErrorCode::crashed);
    CHECK(b.outcome->error().code() == ErrorCode::crashed);
    CHECK_FALSE(a.outcome->error().nothing_sent());
    REQUIRE(scene.events.closed);
    CHECK_FALSE(scene.link->alive());
    Client c;
    scene.call(c, R"({"jsonrpc":"2.0","id":3,"method":"x"})");
    CHECK(c.outcome->error().nothing_sent());
}

TEST_CASE("preserved ids stay as they are, a collision is rewritten and restored") {
    LinkOptions transparent;
    transparent.ids = IdPolicy::preserve;
    Client a, b;
    Scene scene(transparent);
    scene.call(a, R"({"jsonrpc":"2.0","id":1,"method":"x"})");
    scene.call(b, R"({"jsonrpc":"2.0","id":1,"method":"y"})");
    CHECK(scene.server.got == Lines{R"({"jsonrpc":"2.0","id":1,"method":"x"})",
                                    R"({"jsonrpc":"2.0","id":"shadowcat-1024","method":"y"})"});
    scene.say(R"({"jsonrpc":"2.0","id":"shadowcat-1024","result":{}})");
    CHECK(b.got == Lines{R"({"jsonrpc":"2.0","id":1,"result":{}})"});
    const std::string foreign = R"({"jsonrpc":"2.0","id":99,"result":{}})";
    scene.say(foreign);
    CHECK(scene.events.got == Lines{foreign});
}

TEST_CASE("a slow client stalls only what is behind its own message on an exclusive link") {
    Client slow, quick;
    Scene scene;
    slow.hold = true;
    scene.call(slow,
               R"({"jsonrpc":"2.0","id":1,"method":"x","params":{"_meta":{"progressToken":1}}})");
    scene.call(quick, R"({"jsonrpc":"2.0","id":2,"method":"x"})");
    const std::string progress =
        R"({"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1024,"progress":1}})";
    scene.say(progress);
    scene.say(progress);
    scene.say(R"({"jsonrpc":"2.0","id":2049,"result":{}})");
    CHECK(slow.got.size() == 1);
    CHECK(quick.got.empty());
    slow.hold = false;
    slow.released.notify();
    CHECK(slow.got.size() == 2);
    CHECK(quick.got.size() == 1);
    slow.cancellation.request(Error(ErrorCode::timed_out, "end of test"));
}

TEST_CASE("on a shared link a client that lags too far behind fails alone") {
    LinkOptions shared;
    shared.exclusive = false;
    shared.max_queued_messages = 2;
    Client slow, quick;
    Scene scene(shared);
    slow.hold = true;
    scene.call(slow,
               R"({"jsonrpc":"2.0","id":1,"method":"x","params":{"_meta":{"progressToken":1}}})");
    scene.call(quick, R"({"jsonrpc":"2.0","id":2,"method":"x"})");
    for (int i = 0; i < 5; ++i) {
        scene.say(
            R"({"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1024,"progress":1}})");
    }
    scene.say(R"({"jsonrpc":"2.0","id":2049,"result":{}})");
    CHECK(quick.got.size() == 1);
    slow.released.notify();
    REQUIRE(slow.outcome);
    CHECK(slow.outcome->error().code() == ErrorCode::unavailable);
}
