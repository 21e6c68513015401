// SPDX-License-Identifier: Apache-2.0
// Time, space, descriptors: what the listener bounds, and what is left when it stops.
#include "testing/listener_rig.hpp"
#include "testing/stderr_capture.hpp"

#include <doctest/doctest.h>
#include <sys/resource.h>

#include <filesystem>

using namespace shadowcat::http;

namespace {

constexpr std::string_view kHold = R"({"jsonrpc":"2.0","id":1,"method":"hold"})";
constexpr std::string_view kFlood = R"({"jsonrpc":"2.0","id":1,"method":"flood"})";

std::size_t open_descriptors() {
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& each : std::filesystem::directory_iterator("/proc/self/fd"))
        ++count;
    return count;
}

std::string listen_stream_of(const std::string& session) {
    return request("GET", "Accept: text/event-stream\r\nMcp-Session-Id: " + session + "\r\n");
}

}  // namespace

TEST_CASE("header_timeout_secs: a head that doesn't come whole is 408") {
    ListenerRig rig(Json{{"header_timeout_secs", 1}});
    RawClient client = rig.connect();
    const Response response = client.ask("POST /mcp HTTP/1.1\r\nHost: local");
    CHECK(response.status == 408);
    CHECK(response.field("connection") == "close");
    CHECK(client.at_end());
}

TEST_CASE("header_timeout_secs: a client that says nothing is let go without a word") {
    ListenerRig rig(Json{{"header_timeout_secs", 1}});
    RawClient client = rig.connect();
    CHECK(client.at_end());
}

TEST_CASE("header_timeout_secs: trickling bytes don't extend it") {
    ListenerRig rig(Json{{"header_timeout_secs", 1}});
    RawClient client = rig.connect();
    client.send("GET /health HTTP/1.1\r\nX: ");
    std::size_t sent = 0;
    while (sent < 100000 && client.send("x") && !client.readable_within(50))
        ++sent;
    CHECK(client.read().status == 408);
    CHECK(sent < 1000);
}

TEST_CASE("body_timeout_secs: a body that doesn't come whole is 408") {
    ListenerRig rig(Json{{"body_timeout_secs", 1}});
    RawClient client = rig.connect();
    std::string text = post(kInitialize);
    text.pop_back();
    CHECK(client.ask(text).status == 408);
    CHECK(client.at_end());
}

TEST_CASE("idle_timeout_secs: a connection without requests is closed") {
    ListenerRig rig(Json{{"idle_timeout_secs", 1}});
    RawClient client = rig.connect();
    rig.open_session(client);
    CHECK(client.at_end());
}

TEST_CASE("idle_timeout_secs doesn't count while a request or a stream is open") {
    ListenerRig rig(Json{{"idle_timeout_secs", 1}, {"ping_interval_secs", 3}}, 1);
    RawClient client = rig.connect(), stream = rig.connect();
    const std::string session = rig.open_session(client);
    stream.send(listen_stream_of(session));
    REQUIRE(stream.read_head().status == 200);
    client.send(post_in(session, kHold));
    CHECK(stream.read_chunk() == ": ping\n\n");
    RawClient other = rig.connect();
    other.ask(post_in(session, R"({"jsonrpc":"2.0","method":"release"})"));
    CHECK(client.read().status == 200);
}

TEST_CASE("write_timeout_secs: a client that doesn't read is cut off") {
    const StderrCapture log;
    ListenerRig rig(Json{{"write_timeout_secs", 1}}, 1);
    RawClient client = rig.connect();
    const std::string session = rig.open_session(client);
    RawClient deaf = rig.connect(4096);
    deaf.send(post_in(session, kFlood));
    CHECK(rig.host.journal.wait_for("flood refused"));
    CHECK(rig.host.metric("shadowcat_http_cut_off_total", "not_reading") == 1);
    CHECK(log.count("client cut off peer=127.0.0.1:" + std::to_string(deaf.own_port()) +
                    " reason=\"it did not read its answer in time\"") == 1);
    CHECK(log.count("cut off") == 1);
    CHECK(log.count("ffff") == 0);
    CHECK(client.ask(request("GET", "", "/health")).status == 200);
}

TEST_CASE("write_timeout_secs: a deaf stream is ended too, even while its client talks") {
    const StderrCapture log;
    ListenerRig rig(Json{{"write_timeout_secs", 1}}, 1);
    RawClient client = rig.connect();
    const std::string session = rig.open_session(client);
    RawClient deaf = rig.connect(4096);
    deaf.send(listen_stream_of(session));
    REQUIRE(rig.host.journal.wait_for("listening"));
    const std::string large = R"({"jsonrpc":"2.0","method":"say","params":{"name":"1000000"}})";
    for (int i = 0; i < 20; ++i)
        REQUIRE(client.ask(post_in(session, large)).status == 202);
    while (deaf.send("x") && !rig.host.journal.has("listening ended")) {
    }
    CHECK(rig.host.journal.wait_for("listening ended"));
    CHECK(log.count("client cut off peer=") == 1);
    CHECK(log.count("ssss") == 0);
}

TEST_CASE("max_connections: one more is told to come later") {
    ListenerRig rig(Json{{"max_connections", 2}});
    RawClient a = rig.connect(), b = rig.connect();
    CHECK(a.ask(request("GET", "", "/health")).status == 200);
    CHECK(b.ask(request("GET", "", "/health")).status == 200);
    RawClient c = rig.connect();
    const Response refused = c.read();
    CHECK(refused.status == 503);
    CHECK(refused.field("retry-after") == "1");
    CHECK(c.at_end());
    CHECK(a.ask(request("GET", "", "/health")).status == 200);
    CHECK(rig.host.metric("shadowcat_http_refused_total", "connections") == 1);
}

TEST_CASE("max_connections: a client that left makes room") {
    ListenerRig rig(Json{{"max_connections", 1}});
    for (int i = 0; i < 5; ++i) {
        RawClient client = rig.connect();
        while (client.ask(request("GET", "", "/health")).status != 200)
            client = rig.connect();
    }
}

TEST_CASE("a hundred clients leave no descriptor behind") {
    const std::size_t before = open_descriptors();
    {
        ListenerRig rig;
        std::vector<RawClient> clients;
        for (int i = 0; i < 100; ++i) {
            clients.push_back(rig.connect());
            const std::string session = rig.open_session(clients.back());
            if (i % 3 == 0) clients.back().send(listen_stream_of(session));
            if (i % 3 == 1) clients.back().send(post_in(session, kHold));
        }
        rig.stop();
        CHECK(rig.host.metric("shadowcat_http_connections") == 0);
        for (RawClient& client : clients) {
            client.read();
            CHECK(client.at_end());
        }
    }
    CHECK(open_descriptors() == before);
}

TEST_CASE("stopping ends idle, streaming and half-read connections") {
    ListenerRig rig;
    RawClient idle = rig.connect(), stream = rig.connect(), half = rig.connect();
    const std::string session = rig.open_session(idle);
    stream.send(listen_stream_of(session));
    REQUIRE(stream.read_head().status == 200);
    half.send("POST /mcp HTT");
    rig.stop();
    CHECK(idle.at_end());
    CHECK_FALSE(stream.read_chunk());
    CHECK(stream.at_end());
    CHECK(half.at_end());
    CHECK_FALSE(rig.connect().connected());
}

TEST_CASE("stop_accepting leaves those that are connected alone") {
    ListenerRig rig;
    RawClient client = rig.connect();
    const std::string session = rig.open_session(client);
    rig.stop_accepting();
    CHECK_FALSE(rig.connect().connected());
    CHECK(client.ask(request("GET", "", "/health")).status == 200);
    rig.stop_accepting();
}

TEST_CASE("an address in use is named") {
    ListenerRig rig;
    const std::string taken = "127.0.0.1:" + std::to_string(rig.port);
    ListenerRig second(Json{{"bind_address", taken}});
    REQUIRE(second.started.has_error());
    CHECK(second.started.error().code() == ErrorCode::unreachable);
    CHECK(second.started.error().message() ==
          "can't listen on " + taken + ": Address already in use");
}

TEST_CASE("the listener also serves IPv6") {
    ListenerRig rig(Json{{"bind_address", "[::1]:0"}});
    CHECK(rig.listener->address().starts_with("http://[::1]:"));
}

TEST_CASE("running out of descriptors delays clients, no more") {
    ListenerRig rig;
    RawClient client = rig.connect();
    REQUIRE(client.ask(request("GET", "", "/health")).status == 200);
    RawClient waiting;
    rlimit limit{};
    REQUIRE(::getrlimit(RLIMIT_NOFILE, &limit) == 0);
    rlimit none = limit;
    none.rlim_cur = 0;  // open ones go on
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &none) == 0);
    waiting.connect_to(rig.port);
    waiting.send(request("GET", "", "/health"));
    CHECK(client.ask(request("GET", "", "/health")).status == 200);
    CHECK_FALSE(waiting.readable_within(300));
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &limit) == 0);
    CHECK(waiting.read().status == 200);
}
