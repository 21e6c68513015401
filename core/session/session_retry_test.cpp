// SPDX-License-Identifier: Apache-2.0
// Requests that are sent again, and those that are not.
#include "core/session/transcript.hpp"

using namespace shadowcat::core;
namespace sdk = shadowcat::sdk;

namespace {

const std::string kRetriedList = request("1", "tools/list");
const std::string kRetriedCall = call_tool("1", "write");

UpstreamSettings trusting() {
    UpstreamSettings settings = Stage::settings_of(Isolation::per_session, 0);
    settings.retry.trust_annotations = true;
    return settings;
}

sdk::Error refused() {
    return sdk::upstream_error(sdk::ErrorCode::unreachable, "refused").mark_nothing_sent();
}

std::int64_t retries(const Stage& stage, const char* outcome) {
    return stage.metric("shadowcat_retries_total", {"primary", outcome});
}

}  // namespace

TEST_CASE("a read whose server dies is answered by a fresh one; the client sees one answer") {
    InitializedStage stage;
    auto& client = stage.client();
    stage.request(stage.session, client, kRetriedList);
    stage.crash(0);
    REQUIRE(stage.servers.size() == 2);
    stage.say(1, initialize_result(id_of_call(1)));
    CHECK(stage.servers[1]->got.at(1) == kInitialized);
    stage.say(1, result(id_of_call(2)));
    CHECK(client.got == Lines{result(1)});
    CHECK(retries(stage, "retried") == 1);
}

TEST_CASE("a call that may have done something is not repeated") {
    InitializedStage stage;
    auto& client = stage.client();
    stage.request(stage.session, client, kRetriedCall);
    stage.crash(0);
    REQUIRE(client.failure);
    CHECK(client.failure->code() == sdk::ErrorCode::crashed);
    CHECK(stage.servers.size() == 1);
    CHECK(retries(stage, "unsafe") == 1);
}

TEST_CASE("a call that never left is repeated, whatever it does") {
    InitializedStage stage;
    stage.servers[0]->fails_with = refused();
    auto& client = stage.client();
    stage.request(stage.session, client, kRetriedCall);
    CHECK_FALSE(client.failure);
    CHECK(stage.servers[0]->got.back().find("tools/call") != std::string::npos);
}

TEST_CASE("a trusted server's read-only tools are repeated, its others are not") {
    InitializedStage stage(SessionSettings(), trusting());
    auto &list = stage.client(), &read = stage.client(), &write = stage.client();
    stage.request(stage.session, list, kRetriedList);
    stage.say(0, result(id_of_call(2),
                        R"({"tools":[{"name":"read","annotations":{"readOnlyHint":true}}]})"));
    stage.request(stage.session, read, call_tool("2", "read"));
    stage.request(stage.session, write, call_tool("3", "write"));
    stage.crash(0);
    CHECK(write.failure);
    REQUIRE(stage.servers.size() == 2);
    stage.say(1, initialize_result(id_of_call(1)));
    stage.say(1, result(id_of_call(2)));
    CHECK(read.got == Lines{result(2)});
}

TEST_CASE("annotations count on a shared server too") {
    UpstreamSettings settings = Stage::settings_of(Isolation::shared, 2);
    settings.retry.trust_annotations = true;
    Stage stage(SessionSettings(), settings);
    const auto session = stage.open();
    auto &list = stage.client(), &read = stage.client();
    stage.request(session, list, kRetriedList);
    stage.say(0, initialize_result(id_of_call(1)));
    stage.say(0, result(id_of_call(2),
                        R"({"tools":[{"name":"read","annotations":{"readOnlyHint":true}}]})"));
    stage.request(session, read, call_tool("2", "read"));
    stage.crash(0);
    REQUIRE(stage.servers.size() == 2);
    stage.say(1, initialize_result(id_of_call(1)));
    stage.say(1, result(id_of_call(2)));
    CHECK(read.got == Lines{result(2)});
}

TEST_CASE("annotations are forgotten when the tools change, and not believed without trust") {
    const UpstreamSettings doubting = Stage::settings_of(Isolation::per_session, 0);
    for (const bool trusted : {true, false}) {
        InitializedStage stage(SessionSettings(), trusted ? trusting() : doubting);
        auto &list = stage.client(), &read = stage.client();
        stage.request(stage.session, list, kRetriedList);
        stage.say(0, result(id_of_call(2),
                            R"({"tools":[{"name":"read","annotations":{"readOnlyHint":true}}]})"));
        if (trusted) stage.say(0, kToolsChanged);
        stage.request(stage.session, read, call_tool("2", "read"));
        stage.crash(0);
        CHECK(read.failure);
    }
}

TEST_CASE("once the client has heard something nothing is repeated") {
    InitializedStage stage;
    auto& client = stage.client();
    stage.request(stage.session, client,
                  request("1", "tools/list", R"({"_meta":{"progressToken":"t"}})"));
    stage.say(
        0,
        R"({"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":2048,"progress":1}})");
    REQUIRE(client.got.size() == 1);
    stage.crash(0);
    CHECK(client.failure);
    CHECK(stage.servers.size() == 1);
}

TEST_CASE("a client that cancels in the pause before a retry is not served any more") {
    UpstreamSettings slow = Stage::settings_of(Isolation::per_session, 0);
    slow.retry.min_backoff = slow.retry.max_backoff = std::chrono::hours(1);
    InitializedStage stage(SessionSettings(), slow);
    stage.servers[0]->fails_with = refused();
    auto& client = stage.client();
    stage.request(stage.session, client, kRetriedCall);
    CHECK_FALSE(client.done);
    const std::size_t sent = stage.servers[0]->got.size();
    stage.notify(
        stage.session,
        R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}})");
    CHECK(client.done);
    CHECK(client.got.empty());
    CHECK(stage.servers[0]->got.size() == sent);
}

TEST_CASE("there are as many attempts as configured, and as the budget allows") {
    UpstreamSettings settings = Stage::settings_of(Isolation::per_session, 0);
    settings.retry.max_attempts = 10;
    settings.retry.budget_percent = 1;
    Stage stage(SessionSettings(), settings);
    stage.refuses = true;
    auto& client = stage.client();
    stage.request(stage.open(), client, kRetriedCall);
    REQUIRE(client.failure);
    CHECK(client.failure->code() == sdk::ErrorCode::unreachable);
    CHECK(retries(stage, "retried") == 3);
    CHECK(retries(stage, "budget") == 1);
}

TEST_CASE("without attempts or budget nothing is sent again") {
    for (const bool attempts : {true, false}) {
        UpstreamSettings settings = Stage::settings_of(Isolation::per_session, 0);
        settings.retry.max_attempts = attempts ? 10 : 1;
        settings.retry.budget_percent = attempts ? 0 : 20;
        Stage stage(SessionSettings(), settings);
        stage.add_upstream("second", Stage::settings_of(Isolation::per_session, 0));
        stage.refuses = true;
        auto& client = stage.client();
        stage.request(stage.open(), client, kRetriedCall);
        CHECK(client.failure);
        CHECK(retries(stage, "retried") == 0);
    }
}

TEST_CASE("what never reached its upstream goes elsewhere whatever the budget says") {
    UpstreamSettings settings = Stage::settings_of(Isolation::per_session, 0);
    settings.retry.budget_percent = 1;
    Stage stage(SessionSettings(), settings);
    stage.add_upstream("second", Stage::settings_of(Isolation::per_session, 0));
    stage.refuses = true;
    for (int i = 0; i < 20; ++i)
        stage.request(stage.open(), stage.client(), kInitialize);
    CHECK(retries(stage, "retried") >= 10);
    CHECK(retries(stage, "budget") == 0);
}

TEST_CASE("what one upstream can't do another does; the session stays there") {
    Stage stage;
    ScriptedUpstream& second =
        stage.add_upstream("second", Stage::settings_of(Isolation::per_session, 0));
    stage.refuses = true;
    const auto session = stage.open();
    auto &client = stage.client(), &later = stage.client();
    stage.request(session, client, kInitialize);
    REQUIRE(second.servers.size() == 1);
    stage.say(second, 0, initialize_result(id_of_call(1)));
    CHECK(client.got.size() == 1);
    stage.refuses = false;
    stage.request(session, later, kRetriedList);
    CHECK(stage.servers.empty());
    CHECK(second.servers[0]->got.size() == 2);
}

TEST_CASE("a session leaves a failing upstream with its handshake, unless it left state there") {
    for (const bool dirty : {false, true}) {
        InitializedStage stage;
        ScriptedUpstream& second =
            stage.add_upstream("second", Stage::settings_of(Isolation::per_session, 0));
        if (dirty) stage.perform(2, call_tool("5", "write"));
        stage.servers[0]->fails_with = refused();
        auto& client = stage.client();
        stage.request(stage.session, client, kRetriedList);
        CHECK(second.servers.size() == (dirty ? 0 : 1));
        CHECK(stage.servers[0]->closed == !dirty);
        if (dirty) continue;
        stage.say(second, 0, initialize_result(id_of_call(1)));
        stage.say(second, 0, result(id_of_call(2)));
        CHECK(client.got == Lines{result(1)});
        CHECK(stage.state.sessions == 0);
        CHECK(second.state->sessions == 1);
    }
}

TEST_CASE("a session that listens has a server again as soon as it left another") {
    InitializedStage stage;
    ScriptedUpstream& second =
        stage.add_upstream("second", Stage::settings_of(Isolation::per_session, 0));
    auto& stream = stage.client();
    stage.listen(stage.session, stream);
    stage.table.leave(*stage.group.members()[0], false);
    stage.worker.poll();
    CHECK(stage.servers[0]->closed);
    REQUIRE(second.servers.size() == 1);
    stage.say(second, 0, initialize_result(id_of_call(1)));
    CHECK(second.servers[0]->listening);
    stage.say(second, 0, kToolsChanged);
    CHECK(stream.got == Lines{kToolsChanged});
}

TEST_CASE("in transparent mode nothing is repeated") {
    SessionSettings transparent;
    transparent.transparent = true;
    Stage stage(transparent);
    const auto session = stage.open();
    stage.worker.poll();
    auto& client = stage.client();
    stage.request(session, client, kRetriedList);
    stage.crash(0);
    CHECK(client.failure);
    CHECK(stage.servers.size() == 1);
}

TEST_CASE("all requests that wait for a link learn why there is none, without trying each") {
    UpstreamSettings once = Stage::settings_of(Isolation::per_session, 0);
    once.retry.max_attempts = 1;
    InitializedStage stage(SessionSettings(), once);
    stage.crash(0);
    auto &first = stage.client(), &other = stage.client();
    stage.request(stage.session, first, kRetriedList);
    stage.request(stage.session, other, request("2", "tools/list"));
    REQUIRE(stage.servers.size() == 2);
    stage.crash(1);
    CHECK(first.failure);
    CHECK(other.failure);
    CHECK(stage.servers.size() == 2);
}

TEST_CASE("a request that is cancelled stops waiting for the link that another one opens") {
    InitializedStage stage;
    stage.crash(0);
    auto &first = stage.client(), &other = stage.client();
    stage.request(stage.session, first, kRetriedList);
    stage.request(stage.session, other, request("2", "tools/list"));
    stage.notify(
        stage.session,
        R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":2}})");
    CHECK(other.done);
    CHECK(other.got.empty());
    stage.say(1, initialize_result(id_of_call(1)));
    stage.say(1, result(id_of_call(2)));
    CHECK(first.got == Lines{result(1)});
    CHECK(stage.servers[1]->got.size() == 3);
}

TEST_CASE("the first word, silence and the whole each have their time") {
    SessionSettings times;
    times.first_byte_timeout = std::chrono::seconds(5);
    times.request_timeout = std::chrono::seconds(20);
    times.total_timeout = std::chrono::seconds(60);
    const auto progress = [](int token) {
        return R"({"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":)" +
               std::to_string(token) + R"(,"progress":1}})";
    };
    InitializedStage stage(times);
    auto &mute = stage.client(), &silent = stage.client(), &endless = stage.client();
    stage.request(stage.session, mute, kRetriedCall);
    stage.sweep(stage.session, std::chrono::seconds(4));
    CHECK_FALSE(mute.failure);
    stage.sweep(stage.session, std::chrono::seconds(5));
    REQUIRE(mute.failure);
    CHECK(mute.failure->code() == sdk::ErrorCode::timed_out);
    CHECK(mute.failure->message() == "not a word about 'tools/call' within 5 s");
    CHECK(stage.servers[0]->got.back().find("notifications/cancelled") != std::string::npos);
    const std::string with_token = R"({"_meta":{"progressToken":1}})";
    stage.request(stage.session, silent, request("2", "tools/call", with_token));
    stage.say(0, progress(id_of_call(3)));
    stage.sweep(stage.session, std::chrono::seconds(19));
    CHECK_FALSE(silent.failure);
    stage.sweep(stage.session, std::chrono::seconds(20));
    CHECK(silent.failure->message() == "no answer to 'tools/call' within 20 s");
    times.request_timeout = std::chrono::seconds(600);
    InitializedStage patient(times);
    patient.request(patient.session, endless, request("3", "tools/call", with_token));
    patient.say(0, progress(id_of_call(2)));
    patient.sweep(patient.session, std::chrono::seconds(59));
    CHECK_FALSE(endless.failure);
    patient.sweep(patient.session, std::chrono::seconds(60));
    CHECK(endless.failure->message() == "'tools/call' took longer than 60 s");
}
