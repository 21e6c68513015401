// SPDX-License-Identifier: Apache-2.0
// Contract of connectors: what is said arrives unchanged, in order, at the right receiver.
#include "link_scene.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace shadowcat;
using namespace shadowcat::contract;

namespace {

/// Characters of one to four bytes, so that a cut anywhere hits the middle of some.
std::string many_scripts(std::size_t at_least) {
    std::string text;
    while (text.size() < at_least)
        text += "aé漢🐈\\\"\n\u2028";
    return text;
}

std::size_t count(const std::vector<sdk::Message>& messages, std::string_view method) {
    return static_cast<std::size_t>(
        std::ranges::count(messages, method, [](const auto& each) { return each.method(); }));
}

}  // namespace

TEST_SUITE("connector") {
    TEST_CASE("a server answers initialize, ping and a tool call") {
        LinkScene scene;
        scene.initialize();
        CHECK(scene.ask("ping", sdk::Json::object()).kind() == sdk::MessageKind::result);
        CHECK(scene.tool_text("add", {{"a", 2}, {"b", 40}}) == "42");
    }

    TEST_CASE("an error of the server arrives as the server's error") {
        LinkScene scene;
        scene.initialize();
        const sdk::Message answer = scene.ask("no/such/method", sdk::Json::object());
        CHECK(answer.kind() == sdk::MessageKind::error);
        CHECK(json_of(answer)["error"]["code"] == sdk::json_rpc::kMethodNotFound);
    }

    TEST_CASE("ids come back with their JSON type") {
        LinkScene scene;
        scene.initialize();
        for (const char* id : {"7", "\"7\"", "\"with \\\"quotes\\\" and ä\"", "0", "-1"}) {
            Client client;
            scene.begin(client, tool_call(id, "echo", {{"message", "x"}}));
            scene.stage.wait_for([&] { return client.ended(); }, "echo");
            REQUIRE(client.answered());
            CHECK(client.received.back().id() == id);
        }
    }

    TEST_CASE("many calls at a time, each gets its own answer") {
        constexpr std::size_t kCalls = 100;
        LinkScene scene;
        scene.initialize();
        std::vector<std::unique_ptr<Client>> clients;
        for (std::size_t i = 0; i < kCalls; ++i) {
            clients.push_back(std::make_unique<Client>());
            const sdk::Json arguments = {{"message", "answer " + std::to_string(i)}};
            scene.begin(*clients.back(), tool_call("1", "echo", arguments));
        }
        scene.stage.wait_for(
            [&] { return std::ranges::all_of(clients, [](auto& each) { return each->ended(); }); },
            "100 calls");
        for (std::size_t i = 0; i < kCalls; ++i) {
            REQUIRE(clients[i]->received.size() == 1);
            CHECK(clients[i]->received[0].id() == "1");
            CHECK(text_of(clients[i]->received[0]) == "answer " + std::to_string(i));
        }
    }

    TEST_CASE("a call that waits holds up neither the worker nor other calls") {
        LinkScene scene;
        scene.initialize();
        Client slow;
        scene.begin(slow, tool_call("1", "slow", {{"steps", 1000}, {"delay_ms", 50}}, "p"));
        scene.stage.wait_for([&] { return !slow.received.empty(); }, "the first progress");
        CHECK(scene.tool_text("echo", {{"message", "quick"}}) == "quick");
        CHECK_FALSE(slow.ended());
    }

    TEST_CASE("progress arrives in order, with the caller's token, before the response") {
        LinkScene scene;
        scene.initialize();
        Client client;
        scene.begin(client, tool_call("1", "slow", {{"steps", 50}, {"delay_ms", 0}}, "my token"));
        scene.stage.wait_for([&] { return client.ended(); }, "slow");
        REQUIRE(client.received.size() == 51);
        for (int step = 1; step <= 50; ++step) {
            const sdk::Json params = json_of(client.received[step - 1])["params"];
            CHECK(params["progressToken"] == "my token");
            CHECK(params["progress"] == step);
        }
        CHECK(text_of(client.received.back()) == "done after 50 steps");
    }

    TEST_CASE("a log line that a call causes arrives before its response") {
        LinkScene scene;
        scene.initialize();
        Client client;
        scene.begin(client, tool_call("1", "log", {{"message", "noted"}}));
        scene.stage.wait_for([&] { return client.ended(); }, "log");
        CHECK(count(client.received, "notifications/message") +
                  count(scene.owner.received, "notifications/message") ==
              1);
        CHECK(client.answered());
    }

    TEST_CASE("the server's question reaches the client, and the answer the server") {
        LinkScene scene;
        scene.initialize();
        Client client;
        scene.begin(client, tool_call("1", "ask", {{"message", "Who?"}}));
        const auto question = [&]() -> const sdk::Message* {
            for (const auto* place : {&client.received, &scene.owner.received})
                for (const sdk::Message& each : *place)
                    if (each.method() == "elicitation/create") return &each;
            return nullptr;
        };
        scene.stage.wait_for([&] { return question() != nullptr; }, "the server's question");
        sdk::Message answer = sdk::make_result(
            question()->id(), R"({"action":"accept","content":{"answer":"a tester"}})");
        REQUIRE(scene.stage.get(scene.link->send(std::move(answer)), "Link::send").has_value());
        scene.stage.wait_for([&] { return client.ended(); }, "ask");
        CHECK(client.received.back().bytes().find("a tester") != std::string::npos);
    }

    TEST_CASE("messages of more than 1 MiB cross both ways") {
        LinkScene scene;
        scene.initialize();
        const std::string text(3 * 1024 * 1024, 'x');
        CHECK((scene.tool_text("echo", {{"message", text}}) == text));
    }

    TEST_CASE("text of all scripts crosses unharmed, wherever reads cut it") {
        LinkScene scene;
        scene.initialize();
        for (const std::size_t size : {1u, 1000u, 65536u, 300000u}) {
            const std::string text = many_scripts(size);
            CHECK((scene.tool_text("echo", {{"message", text}}) == text));
        }
    }

    TEST_CASE("numbers keep their digits") {
        LinkScene scene;
        scene.initialize();
        CHECK(scene.tool_text("echo", {{"message", 9007199254740993}}) == "9007199254740993");
    }

    TEST_CASE("a request written over several lines is one request") {
        LinkScene scene;
        scene.initialize();
        Client client;
        const sdk::Json plain = json_of(tool_call("1", "echo", {{"message", "a\nb"}}));
        scene.begin(client, sdk::Message::parse(plain.dump(4)).value());
        scene.stage.wait_for([&] { return client.ended(); }, "echo");
        REQUIRE(client.answered());
        CHECK(text_of(client.received.back()) == "a\nb");
    }

    TEST_CASE("everything happens on the worker's thread") {
        LinkScene scene;
        scene.initialize();
        Client client;
        scene.begin(client, tool_call("1", "slow", {{"steps", 3}, {"delay_ms", 5}}, "p"));
        scene.stage.wait_for([&] { return client.ended(); }, "slow");
        CHECK(client.right_thread);
        CHECK(scene.owner.right_thread);
    }
}
