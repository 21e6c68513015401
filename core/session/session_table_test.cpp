// SPDX-License-Identifier: Apache-2.0
// The table: whose sessions are whose, when none are opened, what operators see, what they cost.
#include "core/session/transcript.hpp"

#include <malloc.h>

using namespace shadowcat::core;
namespace sdk = shadowcat::sdk;

TEST_CASE("a session belongs to the principal that opened it") {
    SessionSettings lenient;
    lenient.adopt_unknown = true;
    Stage stage(lenient);
    const sdk::ClientInfo alice("alice", "127.0.0.1:1"), bob("bob", "127.0.0.1:2");
    const auto session = stage.table.open(alice);
    const std::string id = (*session)->id();
    CHECK(stage.table.find(id, alice).has_value());
    for (const sdk::ClientInfo& other : {bob, sdk::ClientInfo()}) {
        CHECK(stage.table.find(id, other).error().code() == sdk::ErrorCode::unknown_session);
    }
    CHECK(stage.table.find("adopted", alice).has_value());
    CHECK(stage.table.find("adopted", bob).error().code() == sdk::ErrorCode::unknown_session);
}

TEST_CASE("no session is opened while memory is short; those that exist go on") {
    SessionSettings few;
    few.max_sessions = 2;
    Stage stage(few);
    const auto session = stage.open();
    stage.sessions.shedding = true;
    const sdk::Error error = stage.table.open({}).error();
    CHECK(error.code() == sdk::ErrorCode::unavailable);
    CHECK(error.message() == "the proxy is short of memory");
    CHECK(stage.table.find(session->id(), {}).has_value());
    stage.sessions.shedding = false;
    CHECK(stage.table.open({}).has_value());
    CHECK(stage.table.open({}).has_error());
    CHECK(stage.metric("shadowcat_sessions_refused_total") == 2);
}

TEST_CASE("operators see each session without its secret") {
    InitializedStage stage;
    auto &call = stage.client(), &stream = stage.client();
    stage.request(stage.session, call, call_tool("1", "write"));
    stage.listen(stage.session, stream);
    const std::vector<SessionDescription> all = stage.table.describe();
    REQUIRE(all.size() == 1);
    CHECK(all[0].label == "s1");
    CHECK(all[0].revision == "2025-06-18");
    CHECK(all[0].upstream == "primary");
    CHECK(all[0].in_flight == 1);
    CHECK(all[0].listening);
}

TEST_CASE("an idle session is small") {
    constexpr std::size_t kSessions = 10'000;
    SessionSettings many;
    many.max_sessions = kSessions + 1;
    Stage stage(many, Isolation::shared, 1);
    const auto first = stage.open();
    auto& hello = stage.client();
    stage.request(first, hello, initialize_in("2025-06-18"));
    stage.say(0, initialize_result(id_of_call(1)));
    const std::string initialize = request(
        "0", "initialize",
        R"({"protocolVersion":"2025-06-18","capabilities":{"sampling":{},"roots":{"listChanged":true},"elicitation":{}},"clientInfo":{"name":"an-ordinary-client","title":"An ordinary client","version":"1.2.3"}})");
    const std::size_t before = mallinfo2().uordblks;
    for (std::size_t i = 0; i < kSessions; ++i) {
        const auto session = stage.open();
        ScriptedClient client;
        stage.request(session, client, initialize);
        CHECK(client.done);
        stage.notify(session, kInitialized);
    }
    const std::size_t each = (mallinfo2().uordblks - before) / kSessions;
    MESSAGE("sizeof(Session) " << sizeof(Session) << ", heap bytes per idle session " << each);
    CHECK(sizeof(Session) <= 768);
    CHECK(each <= 3072);
}
