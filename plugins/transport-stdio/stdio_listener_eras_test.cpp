// SPDX-License-Identifier: Apache-2.0
// One client on stdio that speaks in sessions, without, or both.
#include "listener_scene.hpp"

using namespace shadowcat::transport_stdio;
using namespace shadowcat::transport_stdio::test;
namespace sdk = shadowcat::sdk;

TEST_CASE("each request goes to its own era, and all of one era to one conversation") {
    Client client;
    client.start();
    client.hear(1);
    client.say(stateless(1, "echo") + request(2, "echo") + stateless(3, "echo"));
    CHECK(client.hear(3) == Lines{answer(1), answer(2), answer(3)});
    CHECK(client.host.conversation->log == Lines{"request 1", "request 3"});
    CHECK(client.host.session->log == Lines{"request 2"});
    CHECK(client.host.conversations == 1);
}

TEST_CASE(
    "a request without what its revision demands is refused under its id, and not performed") {
    Client client;
    client.start();
    client.hear(1);
    client.say(
        R"({"jsonrpc":"2.0","id":"a","method":"echo","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}})"
        "\n" +
        stateless(2, "echo", "2027-01-01") + stateless(3, "echo"));
    const Lines lines = client.hear(3);
    CHECK(Json::parse(lines[0]).at("id") == "a");
    CHECK(code_of(lines[0]) == sdk::json_rpc::kInvalidParams);
    CHECK(Json::parse(lines[1]).at("id") == 2);
    CHECK(code_of(lines[1]) == sdk::json_rpc::kUnsupportedProtocolVersion);
    CHECK(Json::parse(lines[1]).at("error").at("data").at("supported") == Json{"2026-07-28"});
    CHECK(lines[2] == answer(3));
    CHECK(client.host.conversation->log == Lines{"request 3"});
}

TEST_CASE("a cancellation goes to where the request is in flight, otherwise to the session") {
    Client client;
    client.start();
    client.say(stateless(1, "hold") + request(2, "hold") + cancelled(1) + cancelled(2) +
               cancelled(3));
    CHECK(client.until([&] { return client.host.session->log.size() == 3; }));
    const std::string cancel = "notify notifications/cancelled";
    CHECK(client.host.conversation->log == Lines{"request 1", cancel});
    CHECK(client.host.session->log == Lines{"request 2", cancel, cancel});
}

TEST_CASE("a cancellation of what was answered disturbs nobody in the conversation") {
    Client client;
    client.start();
    client.say(stateless(1, "echo"));
    client.hear(2);
    client.say(cancelled(1) + request(2, "echo"));
    client.hear(1);
    CHECK(client.host.conversation->log == Lines{"request 1"});
}

TEST_CASE("a subscription ends with its result and with a cancellation behind it") {
    Client client;
    client.start();
    client.hear(1);
    client.say(stateless(7, "subscriptions/listen") + stateless(8, "echo"));
    std::string over = cancelled(7);
    over.pop_back();
    CHECK(client.hear(3) == Lines{answer(7), over, answer(8)});
}

TEST_CASE("the end of stdin doesn't wait for subscriptions, but for what else is in flight") {
    Client client(Json{{"drain_secs", 3600}});
    client.start();
    client.say(subscription(7) + request(1, "hold"));
    CHECK(client.until([&] { return client.host.session->held == 1; }));
    client.hang_up();
    client.host.worker.poll();
    CHECK_FALSE(client.host.session->ended);
    auto release = [&]() -> awaitable<> {
        co_await client.host.session->notify(message(note("release")));
    };
    sdk::spawn_logged(client.host.worker, release(), "test.release");
    CHECK(client.until([&] { return client.host.finishes == 1; }));
    CHECK(client.host.conversation->held == 0);
}

TEST_CASE("responses go to the session, other notifications without sessions to nobody") {
    Client client;
    client.start();
    client.hear(1);
    client.say(
        R"({"jsonrpc":"2.0","method":"note","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}})"
        "\n"
        R"({"jsonrpc":"2.0","id":9,"result":{}})"
        "\n" +
        request(2, "echo"));
    client.hear(1);
    CHECK(client.host.session->log == Lines{"notify ", "request 2"});
    CHECK(client.host.conversation->log.empty());
    CHECK(client.host.conversations == 0);
}

TEST_CASE("where no such revision is served everything goes to the session as it comes") {
    Client client;
    client.host.transparent = true;
    client.start();
    client.hear(1);
    client.say(stateless(1, "echo", "2027-01-01") + stateless(2, "hold") + cancelled(2) +
               request(3, "echo"));
    client.hear(2);
    CHECK(client.host.session->log ==
          Lines{"request 1", "request 2", "notify notifications/cancelled", "request 3"});
    CHECK(client.host.conversations == 0);
}

TEST_CASE("a request that finds no conversation is answered with the reason") {
    Client client;
    client.start();
    client.hear(1);
    client.host.full = true;
    client.say(stateless(1, "echo"));
    const Json answered = Json::parse(client.hear(1).front());
    CHECK(answered.at("id") == 1);
    CHECK(answered.at("error").at("message") == "no more conversations");
    client.host.full = false;
    client.say(stateless(2, "echo"));
    CHECK(client.hear(1) == Lines{answer(2)});
}

TEST_CASE("the end of stdin waits for requests of both eras and ends both sides") {
    Client client;
    client.start();
    client.say(stateless(1, "hold") + request(2, "echo"));
    client.hear(2);
    client.hang_up();
    client.host.worker.poll();
    CHECK_FALSE(client.host.conversation->ended);
    auto release = [&]() -> awaitable<> {
        co_await client.host.conversation->notify(message(note("release")));
    };
    sdk::spawn_logged(client.host.worker, release(), "test.release");
    CHECK(client.until([&] { return client.host.finishes == 1; }));
    CHECK(client.hear(1) == Lines{answer(1)});
    CHECK(client.host.conversation->ended);
    CHECK(client.host.session->ended);
}
