// SPDX-License-Identifier: Apache-2.0
// Event streams: what gets an id, who may resume what, and what is replayed.
#include "core/session/transcript.hpp"

using namespace shadowcat::core;
namespace sdk = shadowcat::sdk;

namespace {

const std::string kWithToken = R"({"_meta":{"progressToken":"t"}})";
const std::string kStreamedCall = request("1", "tools/call", kWithToken);

/// As the server says it, or as the client gets it.
std::string progress(int step, std::string_view token) {
    return R"({"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":)" +
           std::string(token) + R"(,"progress":)" + std::to_string(step) + "}}";
}

/// A session with one call that has said something: a stream.
class StreamStage : public InitializedStage {
public:
    explicit StreamStage(const SessionSettings& how = SessionSettings(),
                         std::string_view revision = "2025-06-18")
        : InitializedStage(how, revision), call(client()) {
        request(session, call, kStreamedCall);
        step(1);
    }

    void step(int number) { say(0, progress(number, "2048")); }
    void respond() { say(0, result(id_of_call(2))); }

    ScriptedClient& call;
};

std::string heard(int step) { return progress(step, "\"t\""); }

}  // namespace

TEST_CASE("a lone response has no event id; what comes before one makes a stream of named events") {
    InitializedStage plain;
    auto& one = plain.client();
    plain.request(plain.session, one, kStreamedCall);
    plain.say(0, result(id_of_call(2)));
    CHECK(one.events.empty());
    StreamStage stage;
    stage.respond();
    CHECK(stage.call.got == Lines{heard(1), result(1)});
    REQUIRE(stage.call.events.size() == 2);
    const std::string stream = stage.call.events[0].substr(0, stage.call.events[0].find('.'));
    CHECK(stream.size() == 12);
    CHECK(stage.call.events == Lines{stream + ".1", stream + ".2"});
}

TEST_CASE("a call goes on without its client, which finds everything afterwards") {
    StreamStage stage;
    stage.call.gone = true;
    stage.step(2);
    stage.step(3);
    stage.respond();
    CHECK(stage.call.done);
    auto &resumed = stage.client(), &again = stage.client(), &end = stage.client();
    stage.listen(stage.session, resumed, stage.call.events.at(0));
    CHECK(resumed.got == Lines{heard(2), heard(3), result(1)});
    CHECK(resumed.done);
    stage.listen(stage.session, again, resumed.events.at(0));
    CHECK(again.got == Lines{heard(3), result(1)});
    stage.listen(stage.session, end, resumed.events.at(2));
    CHECK(end.got.empty());
    CHECK(end.done);
    CHECK(stage.metric("shadowcat_replayed_messages_total") == 5);
}

TEST_CASE("a call that still runs continues on the connection that resumed it, and only there") {
    StreamStage stage;
    auto& resumed = stage.client();
    stage.listen(stage.session, resumed, stage.call.events.at(0));
    CHECK_FALSE(resumed.done);
    stage.step(2);
    stage.step(3);
    stage.respond();
    CHECK(resumed.got == Lines{heard(2), heard(3), result(1)});
    CHECK(resumed.done);
    CHECK(stage.call.got == Lines{heard(1)});
    CHECK(stage.call.done);
}

TEST_CASE("a later resumption takes the place of an earlier one; leaving it loses nothing") {
    StreamStage stage;
    auto &first = stage.client(), &second = stage.client(), &third = stage.client();
    stage.listen(stage.session, first, stage.call.events.at(0));
    stage.listen(stage.session, second, stage.call.events.at(0));
    CHECK(first.done);
    stage.step(2);
    CHECK(first.got.empty());
    CHECK(second.got == Lines{heard(2)});
    stage.session->stop_listening(second);
    CHECK(second.done);
    stage.respond();
    stage.listen(stage.session, third, second.events.at(0));
    CHECK(third.got == Lines{result(1)});
}

TEST_CASE("an error of the proxy is replayed like a response") {
    StreamStage stage;
    stage.call.gone = true;
    stage.step(2);
    stage.sweep(stage.session, std::chrono::seconds(60));
    CHECK(stage.call.done);
    auto& resumed = stage.client();
    stage.listen(stage.session, resumed, stage.call.events.at(0));
    REQUIRE(resumed.got.size() == 2);
    CHECK(resumed.got[1].find("timed_out") != std::string::npos);
}

TEST_CASE("the buffer is bounded: the oldest go, and what is missed is counted") {
    SessionSettings small;
    small.replay_messages = 2;
    StreamStage stage(small);
    stage.call.gone = true;
    for (int i = 2; i <= 5; ++i)
        stage.step(i);
    stage.respond();
    auto& resumed = stage.client();
    stage.listen(stage.session, resumed, stage.call.events.at(0));
    CHECK(resumed.got == Lines{heard(5), result(1)});
    CHECK(stage.metric("shadowcat_replay_missed_total") == 3);
}

TEST_CASE("ended streams are forgotten in time, and an unknown event is an error") {
    StreamStage stage;
    stage.respond();
    const std::string event = stage.call.events.at(0);
    CHECK(stage.session->can_listen(event).has_value());
    stage.sweep(stage.session, ClientStreams::kKeptFor + std::chrono::seconds(1));
    CHECK(stage.session->can_listen(event).error().code() == sdk::ErrorCode::invalid_request);
    auto& client = stage.client();
    stage.listen(stage.session, client, "nonsense");
    CHECK(client.failure->code() == sdk::ErrorCode::invalid_request);
}

TEST_CASE("without a replay buffer nothing has a name, and a lost client's stream is lost") {
    SessionSettings off;
    off.replay_messages = 0;
    StreamStage stage(off, "2025-11-25");
    CHECK(stage.call.got == Lines{heard(1)});
    CHECK(stage.call.events.empty());
    auto& stream = stage.client();
    stage.listen(stage.session, stream);
    stage.say(0, kToolsChanged);
    CHECK(stream.got == Lines{kToolsChanged});
    CHECK(stream.primed.empty());
    CHECK(stream.events.empty());
}

TEST_CASE("the session's own stream begins with an event, for clients that understand it") {
    InitializedStage old(SessionSettings(), "2025-06-18"), young(SessionSettings(), "2025-11-25");
    auto &a = old.client(), &b = young.client();
    old.listen(old.session, a);
    young.listen(young.session, b);
    CHECK(a.primed.empty());
    CHECK_FALSE(b.primed.empty());
    auto& resumed = young.client();
    b.gone = true;
    young.say(0, kToolsChanged);
    young.listen(young.session, resumed, b.primed);
    CHECK(resumed.got == Lines{kToolsChanged});
    young.say(0, kToolsChanged);
    CHECK(resumed.got.size() == 2);
}

TEST_CASE("who names an event of the session's stream takes it over, even from a live connection") {
    InitializedStage stage;
    auto &first = stage.client(), &second = stage.client(), &other = stage.client();
    stage.listen(stage.session, first);
    stage.say(0, kToolsChanged);
    REQUIRE(first.events.size() == 1);
    stage.listen(stage.session, other);
    CHECK(other.failure->code() == sdk::ErrorCode::invalid_request);
    stage.listen(stage.session, second, first.events[0]);
    CHECK(first.done);
    stage.say(0, kToolsChanged);
    CHECK(first.got.size() == 1);
    CHECK(second.got == Lines{kToolsChanged});
    CHECK(second.events.at(0) != first.events[0]);
}

TEST_CASE("stopping one stream leaves the others") {
    StreamStage stage;
    auto &standalone = stage.client(), &resumed = stage.client(), &stranger = stage.client();
    stage.listen(stage.session, standalone);
    stage.listen(stage.session, resumed, stage.call.events.at(0));
    stage.session->stop_listening(stranger);
    CHECK_FALSE(standalone.done);
    stage.session->stop_listening(standalone);
    CHECK(standalone.done);
    CHECK_FALSE(resumed.done);
    stage.respond();
    CHECK(resumed.got == Lines{result(1)});
}

TEST_CASE("the server is asked for messages of its own only while somebody listens") {
    InitializedStage stage;
    CHECK_FALSE(stage.servers[0]->listening);
    auto &stream = stage.client(), &client = stage.client();
    stage.listen(stage.session, stream);
    CHECK(stage.servers[0]->listening);
    stage.crash(0);
    stage.request(stage.session, client, request("1", "tools/list"));
    stage.say(1, initialize_result(id_of_call(1)));
    CHECK(stage.servers[1]->listening);
    stage.session->stop_listening(stream);
    CHECK_FALSE(stage.servers[1]->listening);
}

TEST_CASE("the session's end ends all its streams") {
    StreamStage stage;
    auto &standalone = stage.client(), &resumed = stage.client();
    stage.listen(stage.session, standalone);
    stage.listen(stage.session, resumed, stage.call.events.at(0));
    stage.end(stage.session);
    CHECK(standalone.done);
    CHECK(resumed.done);
    CHECK(stage.session->can_listen("").error().code() == sdk::ErrorCode::unknown_session);
}

TEST_CASE("who has all of a stream that has ended is told so, and needn't come back") {
    StreamStage stage;
    stage.step(1);
    CHECK(stage.session->can_listen(stage.call.events.at(0)).has_value());
    stage.respond();
    CHECK(stage.session->can_listen(stage.call.events.at(0)).has_value());
    const auto nothing = stage.session->can_listen(stage.call.events.back());
    REQUIRE(nothing.has_error());
    CHECK(nothing.error().code() == sdk::ErrorCode::closed);
}
