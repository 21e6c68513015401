// SPDX-License-Identifier: Apache-2.0
// The deprecated HTTP+SSE pair of 2024-11-05: a stream, and a place to post to that it names.
#include "testing/listener_rig.hpp"
#include "testing/wait_for.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace shadowcat::http;
using testing::wait_for;

namespace {

constexpr std::string_view kSseSay = R"({"jsonrpc":"2.0","method":"say"})";
constexpr std::string_view kWhere = R"({"jsonrpc":"2.0","id":"w","method":"where"})";
const Json kEnabled = {{"sse", {{"enabled", true}}}};

std::string event_of(const std::string& json) { return "event: message\ndata: " + json + "\n\n"; }

std::string pair_post_to(const std::string& path, std::string_view body) {
    return "POST " + path +
           " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

std::string numbered(int id, const std::string& method, const std::string& name = "") {
    return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"method":")" + method +
           R"(","params":{"name":")" + name + "\"}}";
}

/// An open stream and where it told to post to.
class Stream {
public:
    explicit Stream(const ListenerRig& rig) : client(rig.connect()) {
        client.send(request("GET", "Accept: text/event-stream\r\n", "/sse"));
        head = client.read_head();
        if (head.status != 200) return;
        const std::string event = client.read_chunk().value_or("");
        const std::string before = "event: endpoint\ndata: ";
        REQUIRE(event.starts_with(before));
        REQUIRE(event.ends_with("\n\n"));
        path = event.substr(before.size(), event.size() - before.size() - 2);
    }

    std::string next() { return client.read_chunk().value_or("(the end)"); }

    RawClient client;
    Response head;
    std::string path;
};

}  // namespace

TEST_CASE(
    "a stream tells where to post to; what is posted is accepted, and answered on the stream") {
    ListenerRig rig(kEnabled);
    Stream stream(rig);
    CHECK(stream.head.field("content-type") == "text/event-stream");
    CHECK(stream.path.starts_with("/messages?token="));
    RawClient poster = rig.connect();
    const Response accepted = poster.ask(pair_post_to(stream.path, kInitialize));
    CHECK(accepted.status == 202);
    CHECK(accepted.body == "Accepted");
    CHECK(accepted.field("mcp-session-id").empty());
    const std::string answer = stream.next();
    CHECK(answer.starts_with("event: message\ndata: {"));
    CHECK(answer.find(R"("id":0)") != std::string::npos);
    CHECK(answer.find("\nid:") == std::string::npos);
    CHECK(poster.ask(pair_post_to(stream.path, kSseSay)).status == 202);
    CHECK(stream.next() == event_of(R"({"jsonrpc":"2.0","method":"said"})"));
}

TEST_CASE("it doesn't matter on which worker something is posted for which stream") {
    ListenerRig rig(kEnabled);
    Stream streams[] = {Stream(rig), Stream(rig)};
    RawClient posters[] = {rig.connect(), rig.connect()};
    std::set<std::string> answers;
    for (Stream& stream : streams) {
        for (RawClient& poster : posters) {
            REQUIRE(poster.ask(pair_post_to(stream.path, kWhere)).status == 202);
            answers.insert(stream.next());
        }
    }
    CHECK(answers == std::set{event_of(R"({"jsonrpc":"2.0","id":"w","result":0})"),
                              event_of(R"({"jsonrpc":"2.0","id":"w","result":1})")});
}

TEST_CASE("what belongs to an answer comes before it, on one line each, whatever its status was") {
    ListenerRig rig(kEnabled);
    Stream stream(rig);
    RawClient poster = rig.connect();
    CHECK(poster.ask(pair_post_to(stream.path, numbered(1, "notes", "fail"))).status == 202);
    CHECK(stream.next() == event_of(R"({"jsonrpc":"2.0","method":"note"})"));
    CHECK(stream.next() == event_of(R"({"jsonrpc":"2.0","id":"server-1","method":"ask"})"));
    CHECK(stream.next().find(R"("id":1,"error")") != std::string::npos);
}

TEST_CASE("answers that come together are written one after the other") {
    ListenerRig rig(kEnabled);
    Stream stream(rig);
    RawClient poster = rig.connect();
    for (int id = 1; id <= 4; ++id) {
        REQUIRE(poster.ask(pair_post_to(stream.path, numbered(id, "big", "3000000"))).status ==
                202);
    }
    for (int id = 1; id <= 4; ++id) {
        const std::string event = stream.next();
        CHECK(event.size() > 3000000);
        CHECK(event.starts_with(R"(event: message
data: {"jsonrpc":"2.0","id":)" + std::to_string(id)));
        CHECK(event.ends_with("\"}\n\n"));
    }
}

TEST_CASE("what no stream told is nowhere") {
    ListenerRig rig(kEnabled);
    Stream stream(rig);
    RawClient poster = rig.connect();
    std::string wrong = stream.path;
    wrong.back() = wrong.back() == '0' ? '1' : '0';
    for (const std::string& path :
         {wrong, std::string("/messages"), std::string("/messages?token="),
          std::string("/messages?token=99-0"), std::string("/messages?token=-1-0"),
          stream.path + "0", "/messages?x" + stream.path.substr(stream.path.find("token"))}) {
        CAPTURE(path);
        const Response refused = poster.ask(pair_post_to(path, kWhere));
        CHECK(refused.status == 404);
        CHECK(refused.body.find(R"("id":"w","error")") != std::string::npos);
    }
    CHECK(poster.ask(pair_post_to(stream.path + "&more", kSseSay)).status == 202);
}

TEST_CASE("two tokens have little in common") {
    ListenerRig rig(kEnabled, 1);
    const Stream one(rig), other(rig);
    const std::size_t digits = one.path.size() - std::string("/messages?token=0-").size();
    CHECK(digits == 32);
    CHECK(one.path != other.path);
}

TEST_CASE("a client that leaves its stream ends its session") {
    ListenerRig rig(kEnabled, 1);
    std::string path;
    RawClient poster = rig.connect();
    {
        const Stream stream(rig);
        path = stream.path;
        REQUIRE(poster.ask(pair_post_to(path, numbered(1, "hold"))).status == 202);
        REQUIRE(rig.host.journal.wait_for("held"));
    }
    CHECK(rig.host.journal.wait_for("ended 0-1"));
    CHECK(wait_for([&] { return poster.ask(pair_post_to(path, kSseSay)).status == 404; }));
    CHECK(rig.host.journal.has("hold discarded"));
}

TEST_CASE("the session's end is the stream's") {
    ListenerRig rig(kEnabled, 1);
    Stream stream(rig);
    REQUIRE(rig.host.journal.wait_for("listening"));
    rig.run(0, rig.host.service(0).end_all());
    CHECK_FALSE(stream.client.read_chunk());
    CHECK(stream.client.at_end());
    RawClient poster = rig.connect();
    CHECK(poster.ask(pair_post_to(stream.path, kSseSay)).status == 404);
}

TEST_CASE("a posted request counts as held until it is answered") {
    ListenerRig rig(kEnabled, 1);
    Stream stream(rig);
    RawClient poster = rig.connect();
    std::string hold = numbered(1, "hold");
    hold.resize(60000, ' ');
    REQUIRE(poster.ask(pair_post_to(stream.path, hold)).status == 202);
    REQUIRE(rig.host.journal.wait_for("held"));
    CHECK(wait_for([&] { return rig.host.bytes.used() == 60000; }));
    REQUIRE(
        poster.ask(pair_post_to(stream.path, R"({"jsonrpc":"2.0","method":"release"})")).status ==
        202);
    CHECK(stream.next() == event_of(R"({"jsonrpc":"2.0","id":1,"result":"released"})"));
    CHECK(wait_for([&] { return rig.host.bytes.used() == 0; }));
}

TEST_CASE("silence on a stream is filled with comments") {
    Json config = kEnabled;
    config["ping_interval_secs"] = 1;
    ListenerRig rig(config);
    Stream stream(rig);
    CHECK(stream.next() == ": ping\n\n");
}

TEST_CASE("the pair's methods, media types and limits") {
    Json config = kEnabled;
    config["max_body_bytes"] = 1000;
    ListenerRig rig(config);
    const Stream stream(rig);
    const std::string events = "Accept: text/event-stream\r\n";
    const auto ask = [&](const std::string& text) { return rig.connect().ask(text); };
    CHECK(ask(pair_post_to("/sse", kInitialize)).status == 405);
    CHECK(ask(pair_post_to("/sse", kInitialize)).field("allow") == "GET, OPTIONS");
    CHECK(ask(request("DELETE", "", "/sse")).status == 405);
    CHECK(ask(request("GET", events, stream.path)).status == 405);
    CHECK(ask(request("GET", events, stream.path)).field("allow") == "POST, OPTIONS");
    CHECK(ask(request("GET", "Accept: application/json\r\n", "/sse")).status == 406);
    CHECK(ask("POST " + stream.path +
              " HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n"
              "Content-Length: 2\r\n\r\n{}")
              .status == 415);
    CHECK(ask(pair_post_to(stream.path, std::string(1001, ' '))).status == 413);
    CHECK(ask(pair_post_to(stream.path, "{")).status == 400);
    CHECK(ask(pair_post_to(stream.path, "[]")).status == 400);
    CHECK(ask(pair_post_to(stream.path, R"({"jsonrpc":"2.0","method":"refuse"})")).status >= 400);
}

TEST_CASE("strangers' pages are kept out, and those that may come are told what is granted") {
    ListenerRig rig(kEnabled);
    const Stream stream(rig);
    const auto ask = [&](const std::string& text) { return rig.connect().ask(text); };
    for (const std::string& path : {std::string("/sse"), stream.path}) {
        CHECK(ask(request("GET", "Origin: http://evil.example\r\n", path)).status == 403);
        CHECK(ask("POST " + path + " HTTP/1.1\r\nHost: evil.example\r\n\r\n").status == 403);
        const std::string preflight =
            "Origin: http://localhost:3000\r\nAccess-Control-Request-Method: POST\r\n";
        const Response granted = ask(request("OPTIONS", preflight, path));
        CHECK(granted.status == 204);
        CHECK(granted.field("access-control-allow-origin") == "http://localhost:3000");
    }
}

TEST_CASE("no more streams are opened than there may be sessions") {
    ListenerRig rig(kEnabled, 1);
    rig.host.service(0).max_sessions = 1;
    const Stream first(rig), second(rig);
    CHECK(first.head.status == 200);
    CHECK(second.head.status == 503);
}

TEST_CASE("the pair is there only where it is wanted, under the names that it is given") {
    ListenerRig without;
    RawClient client = without.connect();
    CHECK(client.ask(request("GET", "Accept: text/event-stream\r\n", "/sse")).status == 404);
    CHECK(client.ask(pair_post_to("/messages?token=0-0", kSseSay)).status == 404);
    ListenerRig renamed(
        Json{{"sse", {{"enabled", true}, {"path", "/old/events"}, {"message_path", "/old/post"}}}});
    RawClient stream = renamed.connect();
    stream.send(request("GET", "Accept: text/event-stream\r\n", "/old/events"));
    CHECK(stream.read_head().status == 200);
    CHECK(stream.read_chunk().value().starts_with("event: endpoint\ndata: /old/post?token="));
    RawClient modern = renamed.connect();
    CHECK(modern.ask(post(kInitialize)).status == 200);
}

TEST_CASE("stopping ends the streams of both workers") {
    ListenerRig rig(kEnabled);
    Stream streams[] = {Stream(rig), Stream(rig)};
    REQUIRE(rig.host.journal.wait_for("listening", 2));
    rig.stop();
    for (Stream& stream : streams) {
        CHECK_FALSE(stream.client.read_chunk());
        CHECK(stream.client.at_end());
    }
}
