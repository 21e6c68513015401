// SPDX-License-Identifier: Apache-2.0
// Clients that lose a connection and come back with Last-Event-ID: they get what they missed, once.
#include "upstreams.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace integration;

namespace {

/// One connection of a client that reads events, not only messages.
class EventStream {
public:
    EventStream(const McpClient& client, const std::string& last_event_id)
        : connection_(client.port()) {
        Headers headers = client.headers();
        headers.emplace_back("Accept", "text/event-stream");
        if (!last_event_id.empty()) headers.emplace_back("Last-Event-ID", last_event_id);
        start(http_request("GET", "/mcp", headers));
    }

    /// The next one; nothing at the stream's end.
    std::optional<Event> next() { return connection_.next_event(); }

    Event take() {
        auto event = next();
        if (!event) throw Impatient("the stream has ended");
        return *std::move(event);
    }

    const HttpResponse& head() const { return head_; }

    static EventStream of_post(const McpClient& client, const std::string& post) {
        return EventStream(client.port(), post);
    }

private:
    EventStream(std::uint16_t port, std::string_view request) : connection_(port) {
        start(request);
    }
    void start(std::string_view request) {
        connection_.send(request);
        head_ = connection_.read_head();
    }

    HttpClient connection_;
    HttpResponse head_;
};

EventStream listen(const McpClient& client, const std::string& last_event_id = "") {
    return EventStream(client, last_event_id);
}

/// Two things that a server says by itself, told apart: `t` when it touches its tools, `u` when a
/// resource has changed.
void say(McpClient& client, const std::string& what) {
    for (const char each : what)
        REQUIRE(client.call_tool(each == 't' ? "touch_tools" : "bump").contains("result"));
}

char said(const Event& event) {
    const std::string method = Json::parse(event.data).at("method");
    return method == "notifications/tools/list_changed"  ? 't'
           : method == "notifications/resources/updated" ? 'u'
                                                         : '?';
}

/// The next as many of them.
std::string hear(EventStream& stream, std::size_t count) {
    std::string heard;
    while (heard.size() < count)
        heard += said(stream.take());
    return heard;
}

std::string slow_call(McpClient& client, int steps, int delay_ms) {
    return client.next_request("tools/call",
                               {{"name", "slow"},
                                {"arguments", {{"steps", steps}, {"delay_ms", delay_ms}}},
                                {"_meta", {{"progressToken", "t"}}}});
}

int step_of(const Event& event) { return Json::parse(event.data).at("params").at("progress"); }

/// Skips the event that only names the stream's beginning.
Event first_message(EventStream& stream) {
    Event event = stream.take();
    while (event.data.empty())
        event = stream.take();
    return event;
}

class Resuming {
public:
    explicit Resuming(const Keys& other = {})
        : proxy(pool_of(stdio_upstream("primary", {kDemoServer}), other)), client(proxy.client()) {
        client.initialize();
        client.ask("resources/subscribe", {{"uri", "demo://counter"}});
    }

    ReverseProxy proxy;
    McpClient client;
};

}  // namespace

TEST_CASE("a stream begins with an event id, for clients that lose it before anything came") {
    Resuming it;
    std::string beginning;
    {
        EventStream stream = listen(it.client);
        CHECK(stream.head().status == 200);
        const Event prime = stream.take();
        CHECK(prime.data.empty());
        CHECK_FALSE(prime.id.empty());
        beginning = prime.id;
    }
    say(it.client, "tut");
    EventStream again = listen(it.client, beginning);
    CHECK(again.head().status == 200);
    CHECK(hear(again, 3) == "tut");
    say(it.client, "uu");
    CHECK(hear(again, 2) == "uu");
}

TEST_CASE("a client that comes back gets what it missed, in order and once") {
    Resuming it;
    std::string last;
    {
        EventStream stream = listen(it.client);
        stream.take();
        say(it.client, "t");
        const Event heard = stream.take();
        CHECK(said(heard) == 't');
        last = heard.id;
    }
    say(it.client, "uutu");
    EventStream again = listen(it.client, last);
    std::set<std::string> ids = {last};
    for (const char expected : {'u', 'u', 't', 'u'}) {
        const Event event = again.take();
        CHECK(said(event) == expected);
        CHECK(ids.insert(event.id).second);
        last = event.id;
    }
    say(it.client, "t");
    CHECK(said(again.take()) == 't');
    EventStream third = listen(it.client, last);
    say(it.client, "u");
    CHECK(hear(third, 2) == "tu");
}

TEST_CASE("who comes back takes the stream over from a connection that isn't known to be dead") {
    Resuming it;
    EventStream first = listen(it.client);
    const std::string id = first.take().id;
    EventStream second = listen(it.client, id);
    CHECK(second.head().status == 200);
    CHECK_FALSE(first.next().has_value());
    say(it.client, "ut");
    CHECK(hear(second, 2) == "ut");
}

TEST_CASE("a call's stream is resumed with the rest of its progress and its response") {
    Resuming it;
    std::string last;
    int step = 0;
    const std::string request = slow_call(it.client, 12, 40);
    {
        EventStream stream = EventStream::of_post(it.client, request);
        const Event first = first_message(stream);
        step = step_of(first);
        last = first.id;
        REQUIRE_FALSE(last.empty());
    }
    EventStream again = listen(it.client, last);
    CHECK(again.head().status == 200);
    for (++step; step <= 12; ++step) {
        const Event event = again.take();
        CHECK(step_of(event) == step);
        last = event.id;
    }
    const Json response = Json::parse(again.take().data);
    CHECK(response.at("id") == it.client.last_id());
    CHECK(text_of(response) == "done after 12 steps");
    CHECK_FALSE(again.next().has_value());
}

TEST_CASE("a call that ended while nobody listened is answered to who comes back") {
    Resuming it;
    std::string last;
    {
        EventStream stream = EventStream::of_post(it.client, slow_call(it.client, 6, 20));
        last = first_message(stream).id;
    }
    const auto lost = it.client.last_id();
    REQUIRE(eventually([&] { return upstream_page(it.proxy, "primary").at("in_flight") == 0; }));
    EventStream again = listen(it.client, last);
    REQUIRE(again.head().status == 200);
    std::optional<Event> event, response;
    while ((event = again.next()))
        response = event;
    REQUIRE(response.has_value());
    CHECK(Json::parse(response->data).at("id") == lost);
}

TEST_CASE("event ids that were never given are refused, as is a second stream") {
    Resuming it;
    for (const char* id : {"nonsense", "0.0", "ffffffffffff.1"})
        CHECK_MESSAGE(listen(it.client, id).head().status == 400, id);
    EventStream first = listen(it.client);
    CHECK(first.head().status == 200);
    const std::string id = first.take().id;
    CHECK(listen(it.client).head().status == 409);
    McpClient other = it.proxy.client();
    other.initialize();
    CHECK(listen(other, id).head().status == 400);
    say(it.client, "t");
    CHECK(said(first.take()) == 't');
}

TEST_CASE("what no longer fits into the replay buffer is missed and counted") {
    Resuming it({"session: { replay_messages: 1 }"});
    std::string beginning;
    EventStream stream = listen(it.client);
    beginning = stream.take().id;
    say(it.client, "uut");
    CHECK(hear(stream, 3) == "uut");
    EventStream again = listen(it.client, beginning);
    CHECK(again.head().status == 200);
    CHECK(said(again.take()) == 't');
    CHECK(metric(it.proxy, "shadowcat_replay_missed_total") == 2);
    say(it.client, "u");
    CHECK(said(again.take()) == 'u');
}

TEST_CASE("without a replay buffer streams have no ids") {
    Resuming it({"session: { replay_messages: 0 }"});
    EventStream stream = listen(it.client);
    say(it.client, "t");
    const Event event = first_message(stream);
    CHECK(said(event) == 't');
    CHECK(event.id.empty());
}
