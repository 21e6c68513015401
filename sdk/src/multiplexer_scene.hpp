// SPDX-License-Identifier: Apache-2.0
// A link over a scripted pipe: what the server sees, what each client and the link's owner get.
#pragma once

#include "shadowcat/sdk/mailbox.hpp"
#include "shadowcat/sdk/multiplexer.hpp"
#include "shadowcat/sdk/spawn.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <vector>

namespace shadowcat::sdk::test {

inline Message message(std::string_view text) { return Message::parse(std::string(text)).value(); }

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

}  // namespace shadowcat::sdk::test
