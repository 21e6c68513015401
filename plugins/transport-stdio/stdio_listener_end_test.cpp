// SPDX-License-Identifier: Apache-2.0
// How a listener begins and ends: end of stdin, a client that is gone, descriptors as before.
#include "listener_scene.hpp"

#include <sys/socket.h>

using namespace shadowcat::transport_stdio;
using namespace shadowcat::transport_stdio::test;
namespace sdk = shadowcat::sdk;

TEST_CASE("the end of stdin lets requests in flight finish, then ends the session") {
    Client client;
    client.start();
    client.say(request(1, "hold") + request(2, "echo"));
    client.hear(2);
    client.hang_up();
    client.host.worker.poll();
    CHECK_FALSE(client.host.session->ended);
    auto release = [&]() -> awaitable<> {
        co_await client.host.session->notify(message(note("release")));
    };
    sdk::spawn_logged(client.host.worker, release(), "test.release");
    CHECK(client.until([&] { return client.host.finishes == 1; }));
    CHECK(client.hear(1) == Lines{answer(1)});
    CHECK(client.host.session->ended);
}

TEST_CASE("requests that don't finish in time are ended with the session") {
    Client client(Json{{"drain_secs", 0}});
    client.start();
    client.say(request(1, "hold"));
    CHECK(client.until([&] { return client.host.session->held == 1; }));
    client.hang_up();
    CHECK(client.until([&] { return client.host.finishes == 1; }));
    CHECK(client.hear(2) == Lines{note("hello"), answer(1)});
}

TEST_CASE("the last line needs no line end") {
    Client client;
    client.start();
    std::string last = request(1, "echo");
    last.pop_back();
    client.say(last);
    client.hang_up();
    CHECK(client.hear(2).back() == answer(1));
}

TEST_CASE("a client that reads no more ends everything") {
    Client client;
    client.start();
    client.hear(1);
    client.stop_reading();
    client.say(request(1, "echo"));
    CHECK(client.until([&] { return client.host.finishes == 1; }));
    CHECK(client.host.session->ended);
}

TEST_CASE("a session that ends by itself ends the listener") {
    Client client;
    client.start();
    client.hear(1);
    client.host.session->end_listening();
    CHECK(client.until([&] { return client.host.finishes == 1; }));
}

TEST_CASE("a client that never reads again counts as gone") {
    Client client(Json{{"write_timeout_secs", 1}});
    client.start();
    client.say(request(1, "stream"));
    CHECK(client.until([&] { return client.host.finishes == 1; }));
    CHECK(client.host.session->ended);
}

TEST_CASE("a client that hangs up with answers unread delays the end no longer than allowed") {
    Client client(Json{{"drain_secs", 0}});
    client.start();
    client.say(request(1, "stream"));
    CHECK(client.until([&] { return client.host.session->streamed >= 10; }));
    client.hang_up();
    CHECK(client.until([&] { return client.host.finishes == 1; }));
}

TEST_CASE("descriptors are given back as they were") {
    int ends[2];
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
    const UniqueFd mine(ends[0]), theirs(ends[1]);
    const std::size_t before = open_descriptors();
    {
        Client client;
        client.start(theirs.get(), theirs.get());
        client.stop();
        CHECK((::fcntl(theirs.get(), F_GETFL) & O_NONBLOCK) == 0);
    }
    CHECK(open_descriptors() == before);
}

TEST_CASE("a listener that can't start says why") {
    ScriptedHost host;
    const auto failure = [&host](int input) {
        StdioListener listener(ListenerOptions(Json::object()), host, input, STDOUT_FILENO);
        sdk::Error error;
        auto begin = [&]() -> awaitable<> {
            const Result<void> outcome = co_await listener.start();
            REQUIRE(outcome.has_error());
            error = outcome.error();
        };
        sdk::spawn_logged(host.worker, begin(), "test.start");
        host.worker.run();
        return error;
    };
    CHECK(failure(-1).message() == "stdin can't be used: Bad file descriptor");
    host.full = true;
    CHECK(failure(STDIN_FILENO).code() == ErrorCode::session_limit);
}

TEST_CASE("a severed client sees both its pipes break, and everything ends") {
    Client client;
    client.start();
    client.hear(1);
    client.say(request(1, "sever"));
    CHECK(client.until([&] { return client.output_ended(); }));
    CHECK(client.until([&] { return client.host.finishes == 1; }));
    CHECK(client.host.session->ended);
}
