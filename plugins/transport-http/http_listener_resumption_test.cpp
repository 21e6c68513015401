// SPDX-License-Identifier: Apache-2.0
// Event ids on the wire, and streams that a client goes on with after an interruption.
#include "testing/listener_rig.hpp"
#include "testing/test_certificate.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::http;

namespace {

const std::string kNote = "event: message\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"note\"}\n\n";
const std::string kOdd = "event: message\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"odd\"}\n\n";
const std::string kSaid = "event: message\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"said\"}\n\n";
const std::string kAnswer =
    "event: message\ndata: {\"jsonrpc\":\"2.0\",\"id\":\"call-1\",\"result\":{}}\n\n";

std::string call(std::string_view argument) {
    return R"({"jsonrpc":"2.0","id":"call-1","method":"events","params":{"name":")" +
           std::string(argument) + "\"}}";
}

std::string note(std::string_view method) {
    return R"({"jsonrpc":"2.0","method":")" + std::string(method) + "\"}";
}

std::string resume(const std::string& session, const std::string& field) {
    return request("GET",
                   "Accept: text/event-stream\r\nMcp-Session-Id: " + session + "\r\n" + field);
}

std::string resume_after(const std::string& session, const std::string& id) {
    return resume(session, "Last-Event-ID: " + id + "\r\n");
}

class ResumptionScene {
public:
    explicit ResumptionScene(std::size_t workers = 2)
        : rig(Json::object(), workers), client(rig.connect()), session(rig.open_session(client)) {}

    ListenerRig rig;
    RawClient client;
    std::string session;
};

}  // namespace

TEST_CASE("the events that answer a request have ids, after one that only names the beginning") {
    ResumptionScene scene;
    scene.client.send(post_in(scene.session, call("usual")));
    REQUIRE(scene.client.read_head().field("content-type") == "text/event-stream");
    CHECK(scene.client.read_chunk() == "id: a.0\ndata: \n\n");
    CHECK(scene.client.read_chunk() == "id: a.1\n" + kNote);
    CHECK(scene.client.read_chunk() == "id: a.2\n" + kAnswer);
    CHECK_FALSE(scene.client.read_chunk());
    CHECK(scene.rig.host.journal.has("status 200"));
    CHECK(scene.rig.host.journal.wait_for("answered with status 200"));
    CHECK(scene.client.ask(request("GET", "", "/health")).status == 200);
}

TEST_CASE("an answer in one piece has neither ids nor a beginning") {
    ResumptionScene scene;
    const Response response = scene.client.ask(post_in(scene.session, call("plain")));
    CHECK(response.field("content-type") == "application/json");
    CHECK(response.body == R"({"jsonrpc":"2.0","id":"call-1","result":{}})");
    CHECK(scene.rig.host.journal.wait_for("answered with status 200"));
}

TEST_CASE("an id that would break the stream is left out") {
    ResumptionScene scene;
    const Response response = scene.client.ask(post_in(scene.session, call("odd")));
    CHECK(response.body == "id: a.0\ndata: \n\nid: a.1\n" + kNote + kOdd + "id: a.2\n" + kAnswer);
}

TEST_CASE("HTTP/1.0 gets ids too") {
    ResumptionScene scene;
    std::string text = post_in(scene.session, call("usual"));
    text.replace(text.find("HTTP/1.1"), 8, "HTTP/1.0");
    const Response response = scene.client.ask(text);
    CHECK(response.body == "id: a.0\ndata: \n\nid: a.1\n" + kNote + "id: a.2\n" + kAnswer);
}

TEST_CASE("a request's stream goes on after the last event, and ends with the response") {
    ResumptionScene scene;
    RawClient again = scene.rig.connect();
    const Response whole = again.ask(resume_after(scene.session, "a.0"));
    CHECK(whole.status == 200);
    CHECK(whole.body == "id: a.1\n" + kNote + "id: a.2\n" + kAnswer);
    CHECK(again.at_end());
    CHECK(scene.rig.host.journal.has("resumed after a.0"));
    CHECK(scene.rig.host.journal.has("closed after the response"));
    RawClient late = scene.rig.connect();
    CHECK(late.ask(resume_after(scene.session, "a.1")).body == "id: a.2\n" + kAnswer);
}

TEST_CASE("a request's stream goes on beside the session's own") {
    ResumptionScene scene;
    RawClient own = scene.rig.connect(), again = scene.rig.connect();
    own.send(resume(scene.session, ""));
    REQUIRE(own.read_head().status == 200);
    REQUIRE(scene.rig.host.journal.wait_for("listening"));
    CHECK(again.ask(resume_after(scene.session, "a.1")).body == "id: a.2\n" + kAnswer);
    CHECK(scene.client.ask(post_in(scene.session, note("say"))).status == 202);
    CHECK(own.read_chunk() == kSaid);
}

TEST_CASE("the session's own stream names its beginning and its events, and goes on elsewhere") {
    ResumptionScene scene;
    CHECK(scene.client.ask(post_in(scene.session, note("name"))).status == 202);
    {
        RawClient stream = scene.rig.connect();
        stream.send(resume(scene.session, ""));
        REQUIRE(stream.read_head().status == 200);
        CHECK(stream.read_chunk() == "id: s.0\ndata: \n\n");
        CHECK(scene.client.ask(post_in(scene.session, note("say"))).status == 202);
        CHECK(stream.read_chunk() == "id: s.1\n" + kSaid);
    }
    REQUIRE(scene.rig.host.journal.wait_for("listening ended"));
    RawClient stream = scene.rig.connect();
    stream.send(resume_after(scene.session, "s.1"));
    REQUIRE(stream.read_head().status == 200);
    CHECK(scene.client.ask(post_in(scene.session, note("say"))).status == 202);
    CHECK(stream.read_chunk() == "id: s.2\n" + kSaid);
    CHECK(scene.rig.host.journal.has("resumed after s.1"));
}

TEST_CASE("what can't be resumed is refused before a stream begins") {
    ResumptionScene scene;
    const Response unknown = scene.client.ask(resume_after(scene.session, "other"));
    CHECK(unknown.status == 400);
    CHECK(unknown.body.find("Last-Event-ID: this session has no such event") != std::string::npos);
    CHECK(scene.client.ask(resume_after(scene.session, "gone")).status == 404);
    CHECK(scene.client.ask(resume_after("0-999", "a.0")).status == 404);
    CHECK(scene.rig.host.metric("shadowcat_http_refused_total", "event_unknown") == 1);
    CHECK_FALSE(scene.rig.host.journal.has("resumed after other"));
}

TEST_CASE("a Last-Event-ID must be one, visible ASCII, and not long") {
    ResumptionScene scene;
    const std::string field = "Last-Event-ID: ";
    for (const std::string& fields :
         {field + "a.0\r\n" + field + "a.0\r\n", field + "\r\n", field + "a 0\r\n",
          field + "a.\xc3\xa9\r\n", field + "a." + std::string(255, '0') + "\r\n"}) {
        CAPTURE(fields);
        CHECK(scene.client.ask(resume(scene.session, fields)).status == 400);
    }
    RawClient longest = scene.rig.connect();
    CHECK(longest.ask(resume_after(scene.session, "a." + std::string(254, '0'))).status == 200);
}

TEST_CASE("all of it from a worker that isn't the connection's") {
    const testing::TestCertificate certificate("DNS:localhost");
    ListenerRig rig(Json{{"tls",
                          {{"enabled", true},
                           {"cert_path", certificate.cert_path},
                           {"key_path", certificate.key_path}}}});
    std::vector<RawClient> clients;
    std::vector<std::string> sessions;
    for (int i = 0; i < 2; ++i) {
        clients.push_back(rig.connect());
        REQUIRE(clients.back().start_tls());
        sessions.push_back(rig.open_session(clients.back()));
    }
    REQUIRE(sessions[0].front() != sessions[1].front());
    for (std::size_t i = 0; i < 2; ++i) {
        const std::string& other = sessions[1 - i];
        const Response answer = clients[i].ask(post_in(other, call("usual")));
        CHECK(answer.body == "id: a.0\ndata: \n\nid: a.1\n" + kNote + "id: a.2\n" + kAnswer);
        CHECK(rig.host.journal.wait_for("answered with status 200", i + 1));
        CHECK(clients[i].ask(resume_after(other, "other")).status == 400);
        CHECK(clients[i].ask(resume_after(other, "a.1")).body == "id: a.2\n" + kAnswer);
    }
    CHECK(rig.host.journal.count("status 200") == 2);
}
