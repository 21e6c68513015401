// SPDX-License-Identifier: Apache-2.0
// Sessions as transcripts: what servers see and clients get, without a socket or a clock.
#include "core/session/scripted_upstream.hpp"

using namespace shadowcat::core;
namespace sdk = shadowcat::sdk;

namespace {

constexpr std::string_view kHello =
    R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{"sampling":{}}}})";

std::string welcome(int id) {
    return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) +
           R"(,"result":{"protocolVersion":"2025-06-18","capabilities":{}}})";
}

}  // namespace

TEST_CASE("a request travels and its answer comes back") {
    Stage stage;
    const auto session = stage.open();
    auto& client = stage.client();
    stage.request(session, client, R"({"jsonrpc":"2.0","id":"1","method":"tools/list"})");
    REQUIRE(stage.servers.size() == 1);
    CHECK(stage.servers[0]->got == Lines{R"({"jsonrpc":"2.0","id":1024,"method":"tools/list"})"});
    stage.say(0, R"({"jsonrpc":"2.0","id":1024,"result":{}})");
    CHECK(client.got == Lines{R"({"jsonrpc":"2.0","id":"1","result":{}})"});
    CHECK(client.done);
}

TEST_CASE("each session has a server of its own, closed when the session ends") {
    Stage stage;
    const auto one = stage.open();
    const auto two = stage.open();
    auto &a = stage.client(), &b = stage.client();
    stage.request(one, a, kHello);
    stage.request(two, b, kHello);
    CHECK(stage.servers.size() == 2);
    CHECK(stage.state.links.used() == 2);
    stage.end(one);
    CHECK(stage.servers[0]->closed);
    CHECK_FALSE(stage.servers[1]->closed);
    CHECK(a.failure->code() == sdk::ErrorCode::closed);
    CHECK_FALSE(b.done);
    CHECK(stage.table.find(one->id(), {}).error().code() == sdk::ErrorCode::unknown_session);
}

TEST_CASE("the negotiated revision is the server's answer") {
    Stage stage;
    const auto session = stage.open();
    auto& client = stage.client();
    stage.request(session, client, kHello);
    CHECK(session->revision().empty());
    stage.say(0, welcome(1024));
    CHECK(session->revision() == "2025-06-18");
}

TEST_CASE("both sides' pings are answered on the spot") {
    Stage stage;
    const auto session = stage.open();
    auto& client = stage.client();
    stage.request(session, client, R"({"jsonrpc":"2.0","id":5,"method":"ping"})");
    CHECK(client.got == Lines{R"({"jsonrpc":"2.0","id":5,"result":{}})"});
    CHECK(stage.servers.empty());
    auto& call = stage.client();
    stage.request(session, call, R"({"jsonrpc":"2.0","id":6,"method":"tools/list"})");
    stage.say(0, R"({"jsonrpc":"2.0","id":"s","method":"ping"})");
    CHECK(call.got.empty());
    CHECK(stage.servers[0]->got.back() == R"({"jsonrpc":"2.0","id":"s","result":{}})");
}

TEST_CASE("a server request reaches the client in front of the response; its answer counts once") {
    Stage stage;
    const auto session = stage.open();
    auto &hello = stage.client(), &call = stage.client();
    stage.request(session, hello, kHello);
    stage.say(0, welcome(1024));
    stage.request(session, call, R"({"jsonrpc":"2.0","id":1,"method":"tools/call"})");
    const std::string ask =
        R"({"jsonrpc":"2.0","id":9,"method":"sampling/createMessage","params":{}})";
    stage.say(0, ask);
    CHECK(call.got == Lines{ask});
    const std::string answer = R"({"jsonrpc":"2.0","id":9,"result":{"role":"assistant"}})";
    stage.notify(session, answer);
    CHECK(stage.servers[0]->got.back() == answer);
    const std::size_t sent = stage.servers[0]->got.size();
    stage.notify(session, answer);
    CHECK(stage.servers[0]->got.size() == sent);
    CHECK(stage.metrics.late_responses.value() == 1);
}

TEST_CASE("a server may not ask for what the client did not declare") {
    Stage stage;
    const auto session = stage.open();
    auto &hello = stage.client(), &call = stage.client();
    stage.request(session, hello, kHello);
    stage.say(0, welcome(1024));
    stage.request(session, call, R"({"jsonrpc":"2.0","id":1,"method":"tools/call"})");
    stage.say(0, R"({"jsonrpc":"2.0","id":9,"method":"roots/list"})");
    CHECK(call.got.empty());
    CHECK(stage.servers[0]->got.back().find("-32601") != std::string::npos);
}

TEST_CASE("the answer of one session is not accepted from another") {
    Stage stage;
    const auto one = stage.open();
    const auto two = stage.open();
    auto &a = stage.client(), &b = stage.client(), &call = stage.client();
    stage.request(one, a, kHello);
    stage.request(two, b, kHello);
    stage.say(0, welcome(1024));
    stage.say(1, welcome(1024));
    stage.request(one, call, R"({"jsonrpc":"2.0","id":1,"method":"tools/call"})");
    stage.say(0, R"({"jsonrpc":"2.0","id":9,"method":"sampling/createMessage","params":{}})");
    const std::size_t before = stage.servers[0]->got.size() + stage.servers[1]->got.size();
    stage.notify(two, R"({"jsonrpc":"2.0","id":9,"result":{}})");
    CHECK(stage.servers[0]->got.size() + stage.servers[1]->got.size() == before);
}

TEST_CASE("a cancelled request ends without a response; a foreign cancellation does nothing") {
    Stage stage;
    const auto session = stage.open();
    auto& client = stage.client();
    stage.request(session, client, R"({"jsonrpc":"2.0","id":1,"method":"tools/call"})");
    stage.notify(
        session,
        R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"1"}})");
    CHECK_FALSE(client.done);
    stage.notify(
        session,
        R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}})");
    CHECK(client.done);
    CHECK(client.got.empty());
    CHECK(stage.servers[0]->got.back() ==
          R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1024}})");
}

TEST_CASE(
    "a crash fails the call with its id; the next request meets a fresh, initialised server") {
    Stage stage;
    const auto session = stage.open();
    auto &hello = stage.client(), &call = stage.client(), &next = stage.client();
    stage.request(session, hello, kHello);
    stage.say(0, welcome(1024));
    stage.notify(session, R"({"jsonrpc":"2.0","method":"notifications/initialized"})");
    stage.request(session, call, R"({"jsonrpc":"2.0","id":"c","method":"tools/call"})");
    stage.crash(0);
    REQUIRE(call.failure);
    CHECK(call.failure->code() == sdk::ErrorCode::crashed);
    CHECK(call.got.at(0).find(R"("id":"c","error")") != std::string::npos);
    stage.request(session, next, R"({"jsonrpc":"2.0","id":2,"method":"tools/list"})");
    REQUIRE(stage.servers.size() == 2);
    stage.say(1, welcome(1024));
    CHECK(stage.servers[1]->got.size() == 3);
    CHECK(stage.servers[1]->got[1] == R"({"jsonrpc":"2.0","method":"notifications/initialized"})");
    stage.say(1, R"({"jsonrpc":"2.0","id":2048,"result":{}})");
    CHECK(next.got == Lines{R"({"jsonrpc":"2.0","id":2,"result":{}})"});
}

TEST_CASE("an upstream that can't be reached is an error with the request's id, and tried again") {
    Stage stage;
    stage.refuses = true;
    const auto session = stage.open();
    auto &client = stage.client(), &again = stage.client();
    stage.request(session, client, R"({"jsonrpc":"2.0","id":1,"method":"tools/call"})");
    CHECK(client.failure->code() == sdk::ErrorCode::unreachable);
    CHECK(client.failure->message() == "upstream 'primary': command not found");
    stage.refuses = false;
    stage.request(session, again, R"({"jsonrpc":"2.0","id":2,"method":"tools/call"})");
    CHECK(stage.servers.size() == 1);
    CHECK(stage.state.links.used() == 1);
}

TEST_CASE("capacity is a bound over all sessions") {
    Stage stage(SessionSettings(), Isolation::per_session, 1);
    const auto one = stage.open();
    const auto two = stage.open();
    auto &a = stage.client(), &b = stage.client();
    stage.request(one, a, R"({"jsonrpc":"2.0","id":1,"method":"x"})");
    stage.request(two, b, R"({"jsonrpc":"2.0","id":1,"method":"x"})");
    CHECK(b.failure->code() == sdk::ErrorCode::unavailable);
    stage.end(one);
    auto& c = stage.client();
    stage.request(two, c, R"({"jsonrpc":"2.0","id":2,"method":"x"})");
    CHECK_FALSE(c.failure);
}

TEST_CASE("what the server says by itself waits for the stream; there is one stream") {
    Stage stage;
    const auto session = stage.open();
    auto &hello = stage.client(), &stream = stage.client(), &second = stage.client();
    stage.request(session, hello, kHello);
    stage.say(0, welcome(1024));
    const std::string changed = R"({"jsonrpc":"2.0","method":"notifications/tools/list_changed"})";
    stage.say(0, changed);
    stage.listen(session, stream);
    CHECK(stream.got == Lines{changed});
    stage.listen(session, second);
    CHECK(second.failure->code() == sdk::ErrorCode::invalid_request);
    stage.say(0, changed);
    CHECK(stream.got.size() == 2);
    session->stop_listening(stream);
    CHECK(stream.done);
}

TEST_CASE("a timeout is an error for the client and a cancellation for the server") {
    Stage stage;
    const auto session = stage.open();
    auto& client = stage.client();
    stage.request(session, client, R"({"jsonrpc":"2.0","id":1,"method":"tools/call"})");
    static_cast<Session&>(*session).sweep(stage.worker.now() + std::chrono::seconds(59));
    CHECK_FALSE(client.failure);
    static_cast<Session&>(*session).sweep(stage.worker.now() + std::chrono::seconds(60));
    REQUIRE(client.failure);
    CHECK(client.failure->code() == sdk::ErrorCode::timed_out);
    stage.worker.poll();
    CHECK(stage.servers[0]->got.back().find("notifications/cancelled") != std::string::npos);
}

TEST_CASE("a question stays open while any call may wait for its answer") {
    Stage stage;
    const auto session = stage.open();
    auto &hello = stage.client(), &asking = stage.client(), &other = stage.client();
    stage.request(session, hello, kHello);
    stage.say(0, welcome(1024));
    stage.request(session, asking, R"({"jsonrpc":"2.0","id":1,"method":"tools/call"})");
    stage.request(session, other, R"({"jsonrpc":"2.0","id":2,"method":"tools/call"})");
    stage.say(0, R"({"jsonrpc":"2.0","id":9,"method":"sampling/createMessage","params":{}})");
    stage.say(0, R"({"jsonrpc":"2.0","id":3073,"result":{}})");
    CHECK(other.done);
    const std::string answer = R"({"jsonrpc":"2.0","id":9,"result":{}})";
    stage.notify(session, answer);
    CHECK(stage.servers[0]->got.back() == answer);
}

TEST_CASE("while a person has to answer, the patience is longer; afterwards it is as before") {
    Stage stage;
    const auto session = stage.open();
    auto &hello = stage.client(), &call = stage.client(), &later = stage.client();
    stage.request(session, hello, kHello);
    stage.say(0, welcome(1024));
    stage.request(session, call, R"({"jsonrpc":"2.0","id":1,"method":"tools/call"})");
    stage.say(0, R"({"jsonrpc":"2.0","id":9,"method":"sampling/createMessage","params":{}})");
    auto& one = static_cast<Session&>(*session);
    one.sweep(stage.worker.now() + std::chrono::seconds(599));
    CHECK_FALSE(call.failure);
    stage.say(0, R"({"jsonrpc":"2.0","id":2048,"result":{}})");
    CHECK(call.done);
    stage.request(session, later, R"({"jsonrpc":"2.0","id":2,"method":"tools/call"})");
    one.sweep(stage.worker.now() + std::chrono::seconds(60));
    CHECK(later.failure);
}

TEST_CASE("an idle session expires, a busy one does not") {
    SessionSettings patient;
    patient.request_timeout = std::chrono::seconds(3600);
    Stage stage(patient);
    const auto idle = stage.open();
    const auto busy = stage.open();
    auto& client = stage.client();
    stage.request(busy, client, R"({"jsonrpc":"2.0","id":1,"method":"tools/call"})");
    const auto later = stage.worker.now() + std::chrono::seconds(301);
    CHECK(static_cast<Session&>(*idle).sweep(later));
    CHECK_FALSE(static_cast<Session&>(*busy).sweep(later));
}

TEST_CASE("a request of the server that no stream carries is refused after a while") {
    Stage stage;
    const auto session = stage.open();
    auto& hello = stage.client();
    stage.request(session, hello, kHello);
    stage.say(0, welcome(1024));
    stage.say(0, R"({"jsonrpc":"2.0","id":9,"method":"sampling/createMessage","params":{}})");
    static_cast<Session&>(*session).sweep(stage.worker.now() + std::chrono::seconds(11));
    stage.worker.poll();
    CHECK(stage.servers[0]->got.back().find("-32602") != std::string::npos);
}

TEST_CASE("the number of sessions is bounded, and new ones are refused") {
    SessionSettings few;
    few.max_sessions = 1;
    Stage stage(few);
    const auto session = stage.open();
    CHECK(stage.table.open({}).error().code() == sdk::ErrorCode::session_limit);
    stage.end(session);
    CHECK(stage.table.open({}).has_value());
}

TEST_CASE("unknown ids are adopted only where configured, ended ones of our own never") {
    SessionSettings lenient;
    lenient.adopt_unknown = true;
    Stage stage(lenient);
    const auto adopted = stage.table.find("test-123", {});
    REQUIRE(adopted.has_value());
    CHECK((*adopted)->id() == "test-123");
    CHECK(*stage.table.find("test-123", {}) == *adopted);
    const auto own = stage.open();
    const std::string id = own->id();
    stage.end(own);
    CHECK(stage.table.find(id, {}).has_error());
    Stage strict;
    CHECK(strict.table.find("test-123", {}).error().code() == sdk::ErrorCode::unknown_session);
}
