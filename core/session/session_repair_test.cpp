// SPDX-License-Identifier: Apache-2.0
// Sessions that their upstream has lost: repaired where nobody would miss anything, else ended.
#include "core/session/transcript.hpp"

using namespace shadowcat::core;
namespace sdk = shadowcat::sdk;
using sdk::ErrorCode;

namespace {

const std::string kCall = call_tool("1", "write");
const std::string kList = request("1", "tools/list");

sdk::Error not_found() {
    return sdk::upstream_error(ErrorCode::unknown_session, "the server answered 404");
}

SessionSettings repairing(Repair how) {
    SessionSettings settings;
    settings.repair = how;
    return settings;
}

std::int64_t repaired(const Stage& stage) {
    return stage.metric("shadowcat_sessions_repaired_total");
}

std::int64_t lost(const Stage& stage, const char* reason) {
    return stage.metric("shadowcat_sessions_lost_total", {"primary", reason});
}

/// The client is told to initialise a new session, now and later.
void check_ended(InitializedStage& stage) {
    auto& later = stage.client();
    stage.request(stage.session, later, request("99", "tools/list"));
    REQUIRE(later.failure);
    CHECK(later.failure->code() == ErrorCode::unknown_session);
    CHECK(stage.find().error().code() == ErrorCode::unknown_session);
}

}  // namespace

TEST_CASE("a session that may have left state in a server that died ends with 404") {
    InitializedStage stage;
    stage.perform(2, kCall);
    stage.crash(0);
    check_ended(stage);
    CHECK(stage.servers.size() == 1);
    CHECK(lost(stage, "crashed") == 1);
    CHECK(repaired(stage) == 0);
}

TEST_CASE("a call in flight fails as itself when its server dies, the next request gets 404") {
    InitializedStage stage;
    stage.perform(2, kCall);
    auto &call = stage.client(), &list = stage.client();
    stage.request(stage.session, call, kCall);
    stage.request(stage.session, list, request("2", "tools/list"));
    stage.crash(0);
    CHECK(call.failure->code() == ErrorCode::crashed);
    CHECK(list.failure->code() == ErrorCode::crashed);
    CHECK(stage.servers.size() == 1);
    check_ended(stage);
}

TEST_CASE("a session that only read goes on with a fresh server, which is told all it must know") {
    InitializedStage stage;
    stage.perform(2, request("1", "logging/setLevel", R"({"level":"debug"})"));
    stage.perform(3, request("2", "resources/subscribe", R"({"uri":"a://b"})"));
    stage.perform(4, request("3", "resources/subscribe", R"({"uri":"a://c"})"));
    stage.perform(5, request("4", "resources/unsubscribe", R"({"uri":"a://b"})"));
    stage.perform(6, request("5", "resources/read", R"({"uri":"a://c"})"));
    stage.crash(0);
    CHECK(stage.find().has_value());
    auto& client = stage.client();
    stage.request(stage.session, client, kList);
    REQUIRE(stage.servers.size() == 2);
    stage.say(1, initialize_result(id_of_call(1)));
    stage.say(1, result(id_of_call(2)));
    stage.say(1, result(id_of_call(3)));
    stage.say(1, result(id_of_call(4)));
    const Lines& got = stage.servers[1]->got;
    REQUIRE(got.size() == 5);
    CHECK(got[0].find("\"initialize\"") != std::string::npos);
    CHECK(got[1] == kInitialized);
    CHECK(got[2] == request("2048", "logging/setLevel", R"({"level":"debug"})"));
    CHECK(got[3] == request("3072", "resources/subscribe", R"({"uri":"a://c"})"));
    CHECK(client.got == Lines{result(1)});
    CHECK(repaired(stage) == 1);
}

TEST_CASE("a server that forgot the session has not processed the call: repaired and repeated") {
    InitializedStage stage;
    stage.servers[0]->fails_with = not_found();
    auto& client = stage.client();
    stage.request(stage.session, client, kCall);
    REQUIRE(stage.servers.size() == 2);
    stage.say(1, initialize_result(id_of_call(1)));
    stage.say(1, result(id_of_call(2)));
    CHECK(client.got == Lines{result(1)});
    CHECK(stage.servers[1]->got.size() == 3);
    CHECK(repaired(stage) == 1);
}

TEST_CASE("a server that forgot a session with state: 404, and nothing is done twice") {
    InitializedStage stage;
    stage.perform(2, kCall);
    stage.servers[0]->fails_with = not_found();
    auto& client = stage.client();
    stage.request(stage.session, client, kCall);
    REQUIRE(client.failure);
    CHECK(client.failure->code() == ErrorCode::unknown_session);
    CHECK(stage.servers.size() == 1);
    check_ended(stage);
    CHECK(lost(stage, "unknown_session") == 1);
}

TEST_CASE("a notification that met a server which forgot the session reaches the fresh one") {
    InitializedStage stage;
    stage.servers[0]->fails_with = not_found();
    const std::string changed = R"({"jsonrpc":"2.0","method":"notifications/roots/list_changed"})";
    stage.notify(stage.session, changed);
    REQUIRE(stage.servers.size() == 2);
    stage.say(1, initialize_result(id_of_call(1)));
    CHECK(stage.servers[1]->got.back() == changed);
}

TEST_CASE("a fresh server that speaks another revision, or refuses a subscription, won't do") {
    InitializedStage other;
    other.crash(0);
    auto& client = other.client();
    other.request(other.session, client, kList);
    other.say(1, initialize_result(id_of_call(1), "2024-11-05"));
    REQUIRE(client.failure);
    CHECK(client.failure->code() == ErrorCode::unknown_session);
    CHECK(other.servers[1]->closed);
    check_ended(other);
    CHECK(lost(other, "revision") == 1);

    InitializedStage refusing;
    refusing.perform(2, request("2", "resources/subscribe", R"({"uri":"a://b"})"));
    refusing.crash(0);
    auto& reader = refusing.client();
    refusing.request(refusing.session, reader, kList);
    refusing.say(1, initialize_result(id_of_call(1)));
    refusing.say(1, R"({"jsonrpc":"2.0","id":2048,"error":{"code":-32602,"message":"no"}})");
    CHECK(reader.failure->code() == ErrorCode::unknown_session);
    check_ended(refusing);
    CHECK(lost(refusing, "refused") == 1);
}

TEST_CASE("the operator decides: always repaired, or never") {
    InitializedStage always(repairing(Repair::always));
    always.perform(2, kCall);
    always.crash(0);
    auto& client = always.client();
    always.request(always.session, client, kCall);
    REQUIRE(always.servers.size() == 2);
    always.say(1, initialize_result(id_of_call(1)));
    always.say(1, result(id_of_call(2)));
    CHECK(client.got == Lines{result(1)});
    InitializedStage never(repairing(Repair::never));
    never.crash(0);
    check_ended(never);
}

TEST_CASE("calls of tools that a trusted server says only read leave nothing behind") {
    UpstreamSettings trusting = Stage::settings_of(Isolation::per_session, 0);
    trusting.retry.trust_annotations = true;
    InitializedStage stage(SessionSettings(), trusting);
    auto& list = stage.client();
    stage.request(stage.session, list, kList);
    stage.say(0, result(id_of_call(2),
                        R"({"tools":[{"name":"read","annotations":{"readOnlyHint":true}}]})"));
    stage.perform(3, call_tool("2", "read"));
    stage.crash(0);
    CHECK(stage.find().has_value());
    auto& again = stage.client();
    stage.request(stage.session, again, call_tool("3", "read"));
    stage.say(1, initialize_result(id_of_call(1)));
    stage.say(1, result(id_of_call(2)));
    CHECK(again.got == Lines{result(3)});
}

TEST_CASE("a fresh server that dies in its handshake is one failed request, not the session") {
    InitializedStage stage;
    stage.crash(0);
    auto &client = stage.client(), &again = stage.client();
    stage.request(stage.session, client, kCall);
    stage.crash(1);
    CHECK(client.failure->code() == ErrorCode::crashed);
    stage.request(stage.session, again, kCall);
    const std::size_t last = stage.servers.size() - 1;
    stage.say(last, initialize_result(id_of_call(1)));
    stage.say(last, result(id_of_call(2)));
    CHECK(again.got == Lines{result(1)});
}

TEST_CASE("a link that has served its calls is replaced, unless it holds state of the session") {
    UpstreamSettings short_lived = Stage::settings_of(Isolation::per_session, 0);
    short_lived.pool.max_requests = 2;
    InitializedStage stage(SessionSettings(), short_lived);
    stage.perform(2, kList);
    stage.perform(3, kList);
    auto& client = stage.client();
    stage.request(stage.session, client, kCall);
    REQUIRE(stage.servers.size() == 2);
    CHECK(stage.servers[0]->closed);
    stage.say(1, initialize_result(id_of_call(1)));
    stage.say(1, result(id_of_call(2)));
    CHECK(client.got == Lines{result(1)});
    CHECK(stage.metric("shadowcat_sessions_lost_total") == 0);
    stage.perform(3, request("3", "tools/list"), 1);
    stage.perform(4, request("4", "tools/list"), 1);
    CHECK(stage.servers.size() == 2);
}

TEST_CASE("a retired link is replaced at once for a client that listens, else when it is needed") {
    UpstreamSettings short_lived = Stage::settings_of(Isolation::per_session, 0);
    short_lived.pool.max_requests = 1;
    for (const bool listens : {true, false}) {
        InitializedStage stage(SessionSettings(), short_lived);
        auto& stream = stage.client();
        if (listens) stage.listen(stage.session, stream);
        stage.perform(2, kList);
        stage.sweep(stage.session, std::chrono::seconds(1));
        CHECK(stage.servers[0]->closed);
        CHECK(stage.servers.size() == (listens ? 2 : 1));
        if (!listens) continue;
        stage.say(1, initialize_result(id_of_call(1)));
        CHECK(stage.servers[1]->listening);
    }
}

TEST_CASE("a request that finds a retired link of a session that listens opens one server") {
    UpstreamSettings short_lived = Stage::settings_of(Isolation::per_session, 0);
    short_lived.pool.max_requests = 1;
    InitializedStage stage(SessionSettings(), short_lived);
    auto &stream = stage.client(), &client = stage.client();
    stage.listen(stage.session, stream);
    stage.perform(2, kList);
    stage.request(stage.session, client, kList);
    REQUIRE(stage.servers.size() == 2);
    stage.say(1, initialize_result(id_of_call(1)));
    stage.say(1, result(id_of_call(2)));
    CHECK(client.got == Lines{result(1)});
}

TEST_CASE("a server that takes its time to end has no say any more, even if the session has gone") {
    UpstreamSettings short_lived = Stage::settings_of(Isolation::per_session, 0);
    short_lived.pool.max_requests = 1;
    for (const bool goes : {false, true}) {
        InitializedStage stage(SessionSettings(), short_lived);
        auto& stream = stage.client();
        stage.listen(stage.session, stream);
        stage.perform(2, kList);
        stage.servers[0]->lingers = true;
        stage.sweep(stage.session, std::chrono::seconds(1));
        CHECK(stage.servers[0]->closed);
        stage.say(1, initialize_result(id_of_call(1)));
        if (goes) {
            stage.end(stage.session);
            stage.session.reset();
        }
        stage.say(0, kToolsChanged);
        CHECK(stream.got.empty());
        stage.servers[0]->gone.notify();
    }
}

TEST_CASE("of those who wait for a fresh server the first may end the session under the others") {
    UpstreamSettings once = Stage::settings_of(Isolation::per_session, 0);
    once.retry.max_attempts = 1;
    Stage stage(SessionSettings(), once);
    const auto session = stage.open();
    auto &hello = stage.client(), &first = stage.client();
    auto &second = stage.client(), &third = stage.client();
    stage.request(session, hello, kInitialize);
    stage.say(0, initialize_result(id_of_call(1)));
    stage.crash(0);
    stage.request(session, first, request("1", "tools/list"));
    stage.request(session, second, request("2", "tools/list"));
    stage.request(session, third, request("3", "tools/list"));
    REQUIRE(stage.servers.size() == 2);
    stage.servers[1]->fails_with = not_found();
    stage.say(1, initialize_result(id_of_call(1)));
    CHECK(second.failure->code() == ErrorCode::unknown_session);
    CHECK(first.done);
    CHECK(third.done);
}

TEST_CASE("a request is cancelled after the upstream that failed before was taken away") {
    UpstreamSettings one = Stage::settings_of(Isolation::per_session, 1);
    one.pool.max_waiting = 1;
    one.retry.max_attempts = 1;
    Stage stage(SessionSettings(), one);
    stage.refuses = true;
    const auto session = stage.open(), other = stage.open();
    auto &hello = stage.client(), &holds = stage.client();
    auto &waits = stage.client(), &cancelled = stage.client();
    stage.request(session, hello, kInitialize);
    CHECK(hello.failure->code() == ErrorCode::unreachable);
    stage.add_upstream("second", one);
    std::shared_ptr<Upstream> leaving = stage.group.members()[0];
    stage.group.replace({stage.group.members()[1]});
    spawn_logged(stage.worker, leaving->stop(), "test.stop");
    stage.worker.poll();
    leaving.reset();
    stage.request(other, holds, kInitialize);
    stage.request(session, waits, request("5", "tools/list"));
    stage.request(session, cancelled, request("6", "tools/list"));
    stage.notify(session, R"({"jsonrpc":"2.0","method":"notifications/cancelled",)"
                          R"("params":{"requestId":6}})");
    CHECK(cancelled.done);
    CHECK(cancelled.got.empty());
    stage.end(other);
    ScriptedUpstream& second = stage.upstreams[1];
    REQUIRE(second.servers.size() == 2);
    stage.say(second, 1, result(id_of_call(1)));
    CHECK(waits.got == Lines{result(5)});
}

TEST_CASE("a session on a shared server has no state of its own there") {
    Stage stage(SessionSettings(), Isolation::shared, 1);
    const auto session = stage.open();
    auto &hello = stage.client(), &call = stage.client(), &again = stage.client();
    stage.request(session, hello, kInitialize);
    stage.say(0, initialize_result(id_of_call(1)));
    stage.request(session, call, kCall);
    stage.say(0, result(id_of_call(2)));
    stage.crash(0);
    stage.request(session, again, kCall);
    REQUIRE(stage.servers.size() == 2);
    stage.say(1, initialize_result(id_of_call(1)));
    stage.say(1, result(id_of_call(2)));
    CHECK(again.got == Lines{result(1)});
}

TEST_CASE("a session moves to a shared server only in a revision that this speaks") {
    for (const char* spoken : {"2025-11-25", "2025-03-26"}) {
        InitializedStage stage;
        ScriptedUpstream& second =
            stage.add_upstream("second", Stage::settings_of(Isolation::shared, 1));
        stage.servers[0]->fails_with =
            sdk::upstream_error(ErrorCode::unreachable, "refused").mark_nothing_sent();
        auto& client = stage.client();
        stage.request(stage.session, client, kList);
        REQUIRE(second.servers.size() == 1);
        stage.say(second, 0, initialize_result(id_of_call(1), spoken));
        if (std::string_view(spoken) == "2025-11-25") {
            stage.say(second, 0, result(id_of_call(2)));
            CHECK(client.got == Lines{result(1)});
        } else {
            CHECK(client.failure->code() == ErrorCode::unknown_session);
        }
    }
}
