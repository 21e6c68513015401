// SPDX-License-Identifier: Apache-2.0
// The GET stream of what a server says by itself: when it is open, and what comes over it.
#include "testing/upstream_scene.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::http;
using namespace shadowcat::http::testing;

namespace {

using Then = ServerAnswer::Then;

const std::string kServerAsks =
    R"({"jsonrpc":"2.0","id":"s1","method":"sampling/createMessage","params":{}})";
const std::string kListChanged = R"({"jsonrpc":"2.0","method":"notifications/tools/list_changed"})";
const std::string kUpdated = R"({"jsonrpc":"2.0","method":"notifications/resources/updated"})";

/// A server whose GET stream stays open.
ServerAnswer talkative(const ServerRequest& request) {
    return request.method() == "GET" ? ServerAnswer::events("", Then::stay) : usual(request);
}

LinkOptions shared_link() {
    LinkOptions options;
    options.exclusive = false;
    options.ids = IdPolicy::preserve;
    return options;
}

}  // namespace

TEST_CASE(
    "what the server says by itself arrives over the GET stream, in order, bad events skipped") {
    UpstreamScene scene([&](const ServerRequest& request) {
        return request.method() == "GET" ? ServerAnswer::events("", Then::stay) : usual(request);
    });
    scene.open_listening_session();
    CHECK(scene.wait([&] { return count(scene.server, "GET") == 1; }));
    const ServerRequest& opened = scene.server.requests.back();
    CHECK(opened.header("Accept") == "text/event-stream");
    CHECK(opened.header("Last-Event-ID").empty());
    scene.server.push(opened.connection,
                      chunk(event(kListChanged) + event("{]") + event(result("77"))));
    scene.server.push(opened.connection, chunk(event(kServerAsks)));
    CHECK(scene.wait([&] { return scene.events.got.size() == 2; }));
    CHECK(scene.events.got == Lines{kListChanged, kServerAsks});
    TestClient client;
    CHECK(scene.call(client, kCall).has_value());
}

TEST_CASE("the GET stream waits for initialized, and a server that has none is not asked again") {
    UpstreamScene scene(&usual);
    scene.link->set_listening(true);
    TestClient client;
    CHECK(scene.call(client, kInitialize).has_value());
    CHECK(count(scene.server, "GET") == 0);
    CHECK(scene.send(kInitialized).has_value());
    CHECK(scene.wait([&] { return count(scene.server, "GET") == 1; }));
    CHECK(
        scene.wait([&] { return scene.worker.gate().inside() == 1 + scene.server.connections(); }));
    CHECK(scene.send(kInitialized).has_value());
    scene.link->set_listening(false);
    scene.link->set_listening(true);
    TestClient other;
    CHECK(scene.call(other, kList).has_value());
    CHECK(count(scene.server, "GET") == 1);
}

TEST_CASE(
    "a GET stream that breaks is opened again after the time the server asked for, from its last "
    "event") {
    UpstreamScene scene([&](const ServerRequest& request) {
        if (request.method() != "GET") return usual(request);
        if (!request.header("Last-Event-ID").empty())
            return ServerAnswer::events(event(kServerAsks), Then::stay);
        return ServerAnswer::events("retry: 5\n\n" + event(kListChanged, "g.1"), Then::reset);
    });
    scene.open_listening_session();
    CHECK(scene.wait([&] { return scene.events.got.size() == 2; }));
    CHECK(scene.events.got == Lines{kListChanged, kServerAsks});
    CHECK(count(scene.server, "GET") == 2);
    CHECK(scene.server.requests.back().header("Last-Event-ID") == "g.1");
}

TEST_CASE("closing ends the GET stream, also between two connections") {
    for (const auto& answer :
         {ServerAnswer::events("", Then::stay), ServerAnswer::events("retry: 600000\n\n"),
          ServerAnswer("", Then::stay)}) {
        UpstreamScene scene([&](const ServerRequest& request) {
            return request.method() == "GET" ? answer : usual(request);
        });
        scene.open_listening_session();
        CHECK(scene.wait([&] { return count(scene.server, "GET") == 1; }));
        scene.close();
        CHECK(count(scene.server, "DELETE") == 1);
    }
}

TEST_CASE("nobody listens: a session of one client asks for no stream") {
    UpstreamScene scene(&talkative);
    scene.open_session();
    TestClient client;
    CHECK(scene.call(client, kList).has_value());
    CHECK(count(scene.server, "GET") == 0);
    scene.link->set_listening(true);
    CHECK(scene.wait([&] { return count(scene.server, "GET") == 1; }));
}

TEST_CASE("wanted before the session is initialized: the stream opens afterwards") {
    UpstreamScene scene(&talkative);
    scene.link->set_listening(true);
    TestClient client;
    CHECK(scene.call(client, kInitialize).has_value());
    CHECK(count(scene.server, "GET") == 0);
    CHECK(scene.send(kInitialized).has_value());
    CHECK(scene.wait([&] { return count(scene.server, "GET") == 1; }));
}

TEST_CASE("a link that clients share always listens") {
    UpstreamScene scene(&talkative, Json::object(), shared_link());
    scene.open_session();
    CHECK(scene.wait([&] { return count(scene.server, "GET") == 1; }));
}

TEST_CASE("the stream closes when nobody listens any more, and goes on after the last event") {
    UpstreamScene scene(&talkative);
    scene.open_listening_session();
    CHECK(scene.wait([&] { return count(scene.server, "GET") == 1; }));
    const std::size_t first = scene.server.requests.back().connection;
    scene.server.push(first, chunk(event(kListChanged, "g.1")));
    CHECK(scene.wait([&] { return scene.events.got.size() == 1; }));
    const std::size_t open = scene.server.open_connections();
    scene.link->set_listening(false);
    CHECK(scene.wait([&] { return scene.server.open_connections() == open - 1; }));
    scene.link->set_listening(true);
    CHECK(scene.wait([&] { return count(scene.server, "GET") == 2; }));
    const ServerRequest& again = scene.server.requests.back();
    CHECK(again.header("Last-Event-ID") == "g.1");
    scene.server.push(again.connection, chunk(event(kUpdated, "g.2")));
    CHECK(scene.wait([&] { return scene.events.got.size() == 2; }));
    CHECK(scene.events.got == Lines{kListChanged, kUpdated});
}

TEST_CASE("a listener that leaves and is back at once keeps the stream, or gets a new one") {
    UpstreamScene scene(&talkative);
    scene.open_listening_session();
    CHECK(scene.wait([&] { return count(scene.server, "GET") == 1; }));
    for (const bool wanted : {false, true, false, true, true})
        scene.link->set_listening(wanted);
    CHECK(scene.wait([&] { return count(scene.server, "GET") == 2; }));
    scene.server.push(scene.server.requests.back().connection, chunk(event(kListChanged)));
    CHECK(scene.wait([&] { return scene.events.got == Lines{kListChanged}; }));
}

TEST_CASE("nobody listens: a stream that waits to reconnect waits no longer") {
    UpstreamScene scene([](const ServerRequest& request) {
        return request.method() == "GET" ? ServerAnswer::events("retry: 600000\n\n")
                                         : usual(request);
    });
    scene.open_listening_session();
    const auto waiting = [&] {
        return scene.worker.gate().inside() == 2 + scene.server.connections();
    };
    CHECK(scene.wait([&] { return count(scene.server, "GET") == 1 && waiting(); }));
    scene.link->set_listening(false);
    CHECK(
        scene.wait([&] { return scene.worker.gate().inside() == 1 + scene.server.connections(); }));
    scene.link->set_listening(true);
    CHECK(scene.wait([&] { return count(scene.server, "GET") == 2; }));
}

TEST_CASE("a server that has forgotten the event is asked for its stream from now on") {
    UpstreamScene scene([](const ServerRequest& request) {
        if (request.method() != "GET") return usual(request);
        if (!request.header("Last-Event-ID").empty())
            return ServerAnswer::status("400 Bad Request");
        return ServerAnswer::events("retry: 1\n\n", Then::stay);
    });
    scene.open_listening_session();
    CHECK(scene.wait([&] { return count(scene.server, "GET") == 1; }));
    const std::size_t first = scene.server.requests.back().connection;
    scene.server.push(first, chunk(event(kListChanged, "g.1")));
    CHECK(scene.wait([&] { return scene.events.got.size() == 1; }));
    scene.server.close_connection(first);
    CHECK(scene.wait([&] { return count(scene.server, "GET") == 3; }));
    CHECK(scene.server.requests.back().header("Last-Event-ID").empty());
    scene.server.push(scene.server.requests.back().connection, chunk(event(kUpdated)));
    CHECK(scene.wait([&] { return scene.events.got == Lines{kListChanged, kUpdated}; }));
}

TEST_CASE("listening to a link that has ended, or is ending, does nothing") {
    UpstreamScene scene(&talkative);
    scene.open_listening_session();
    CHECK(scene.wait([&] { return count(scene.server, "GET") == 1; }));
    scene.close();
    scene.link->set_listening(false);
    scene.link->set_listening(true);
    CHECK(scene.wait([&] { return scene.server.open_connections() <= 1; }));
    CHECK(count(scene.server, "GET") == 1);
}
