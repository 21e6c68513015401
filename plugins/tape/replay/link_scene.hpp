// SPDX-License-Identifier: Apache-2.0
// For the tests of this folder: a replayed link, its owner and its clients.
#pragma once

#include "shadowcat/sdk/spawn.hpp"

#include "replay/replay_connector.hpp"
#include "replay/tape_scene.hpp"

#include <boost/asio/post.hpp>

#include <doctest/doctest.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace shadowcat::tape::test {

/// What the link tells its owner.
class Owner final : public sdk::LinkEvents {
public:
    sdk::awaitable<> on_message(sdk::Message message) override {
        got.push_back(message.bytes());
        co_return;
    }
    void on_closed(const sdk::Error& error) override { closed = error; }

    std::vector<std::string> got;
    std::optional<sdk::Error> closed;
};

/// One call: what came, and how it ended.
class Client final : public sdk::ReplyStream {
public:
    sdk::awaitable<sdk::Result<void>> write(sdk::Message message) override {
        got.push_back(message.bytes());
        if (on_reply) on_reply(message);
        co_return sdk::Result<void>();
    }
    sdk::awaitable<sdk::Result<void>> fail(sdk::Error, sdk::Message response) override {
        return write(std::move(response));
    }

    std::vector<std::string> got;
    std::function<void(const sdk::Message&)> on_reply;
    std::optional<sdk::Result<void>> outcome;
    sdk::Cancellation cancellation;
};

class LinkScene {
public:
    using Make = std::function<sdk::Result<std::unique_ptr<sdk::Connector>>(const sdk::Json&)>;

    explicit LinkScene(const Script& script, const sdk::Json& config = sdk::Json::object(),
                       Make make = {})
        : connector(checked(config), context(std::move(make))), recording_(script.recording()) {
        reopen();
    }
    ~LinkScene() {
        run([this]() -> sdk::awaitable<> { co_await link->close(); });
        link.reset();
        run([this]() -> sdk::awaitable<> { co_await connector.stop(); });
    }

    void reopen() { link = connector.link_to(recording_, owner, sdk::LinkOptions()); }

    /// Begins a call; `client` must outlive it.
    void begin(Client& client, const std::string& text) {
        sdk::spawn_logged(worker, perform(client, parsed(text)), "test.call");
    }

    /// The whole call; fails the test if it doesn't end by itself.
    std::vector<std::string> ask(const std::string& text) {
        Client client;
        begin(client, text);
        run_until([&] { return client.outcome.has_value(); });
        CHECK(client.outcome->has_value());
        return client.got;
    }

    void send(const std::string& text) {
        run([this, text]() -> sdk::awaitable<> {
            const sdk::Result<void> sent = co_await link->send(parsed(text));
            CHECK(sent.has_value());
        });
    }

    /// Runs the worker until `condition` holds; fails the test if nothing is left that could make
    /// it so.
    void run_until(const std::function<bool()>& condition) {
        while (!condition()) {
            worker.context().restart();
            REQUIRE(worker.context().run_one_for(std::chrono::seconds(20)) > 0);
        }
    }

    void run(const std::function<sdk::awaitable<>()>& task) {
        bool done = false;
        sdk::spawn_logged(worker, note(task, done), "test.run");
        run_until([&] { return done; });
    }

    /// Performs what is ready now.
    void settle() {
        worker.context().restart();
        worker.context().poll();
    }

    sdk::Worker worker;
    sdk::Metrics metrics;
    Owner owner;
    ReplayConnector connector;
    std::unique_ptr<sdk::Link> link;

private:
    static sdk::Json checked(sdk::Json config) {
        config["tape"] = "in memory";
        std::vector<sdk::ConfigError> errors;
        sdk::Json made = sdk::validate(ReplayOptions::schema(), config, "upstream", errors);
        REQUIRE(errors.empty());
        return made;
    }
    sdk::ConnectorContext context(Make make) {
        sdk::ConnectorContext made(worker, "test", metrics);
        made.make = std::move(make);
        return made;
    }
    static sdk::awaitable<> note(std::function<sdk::awaitable<>()> task, bool& done) {
        co_await task();
        done = true;
    }
    sdk::awaitable<> perform(Client& client, sdk::Message request) {
        client.outcome = co_await link->call(std::move(request), client, client.cancellation);
    }

    std::shared_ptr<const Recording> recording_;
};

}  // namespace shadowcat::tape::test
