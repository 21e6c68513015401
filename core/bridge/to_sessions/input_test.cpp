// SPDX-License-Identifier: Apache-2.0
// Questions, answers, and the state that goes with them.
#include "shadowcat/sdk/json_edit.hpp"
#include "shadowcat/sdk/json_rpc.hpp"

#include "core/bridge/to_sessions/declared_input.hpp"
#include "core/bridge/to_sessions/input_questions.hpp"
#include "core/bridge/to_sessions/request_state.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::core;
namespace sdk = shadowcat::sdk;

namespace {

sdk::Message question_message(std::string_view id, std::string_view method,
                              std::string_view params = {}) {
    return sdk::make_request(id, method, params);
}

std::string missing(std::string_view capabilities, std::string_view method,
                    std::string_view params = "{}") {
    return DeclaredInput(capabilities).missing_for(question_message("1", method, params));
}

}  // namespace

TEST_CASE("what a client must have declared to be asked") {
    CHECK(missing(R"({"roots":{}})", "roots/list").empty());
    CHECK(missing("{}", "roots/list") == R"({"roots":{}})");
    CHECK(missing(R"({"sampling":{}})", "sampling/createMessage").empty());
    CHECK(missing("{}", "sampling/createMessage") == R"({"sampling":{}})");
    CHECK(missing(R"({"sampling":{}})", "sampling/createMessage", R"({"tools":[]})") ==
          R"({"sampling":{"tools":{}}})");
    CHECK(missing(R"({"sampling":{"tools":{}}})", "sampling/createMessage", R"({"tools":[]})")
              .empty());
    CHECK(missing(R"({"elicitation":{}})", "elicitation/create").empty());
    CHECK(missing(R"({"elicitation":{}})", "elicitation/create", R"({"mode":"form"})").empty());
    CHECK(missing(R"({"elicitation":{"url":{}}})", "elicitation/create") ==
          R"({"elicitation":{"form":{}}})");
    CHECK(missing(R"({"elicitation":{}})", "elicitation/create", R"({"mode":"url"})") ==
          R"({"elicitation":{"url":{}}})");
    CHECK(missing(R"({"elicitation":{"url":{}}})", "elicitation/create", R"({"mode":"url"})")
              .empty());
    CHECK(missing(R"({"roots":{},"sampling":{}})", "vendor/ask") == "{}");
}

TEST_CASE("refusals have the codes that servers know") {
    const auto code = [](std::string_view method, bool in_call) {
        const sdk::Message refusal = refusal_of(question_message("\"q\"", method), in_call);
        CHECK(refusal.id() == "\"q\"");
        return sdk::error_code_of(refusal);
    };
    CHECK(code("roots/list", true) == -32601);
    CHECK(code("roots/list", false) == -32601);
    CHECK(code("sampling/createMessage", true) == -32601);
    CHECK(code("sampling/createMessage", false) == -32602);
    CHECK(code("elicitation/create", true) == -32602);
    CHECK(code("elicitation/create", false) == -32602);
    CHECK(code("vendor/ask", true) == -32601);
}

TEST_CASE("questions become input requests; answers find their way back by key") {
    InputQuestions questions;
    CHECK(questions.add(question_message("7", "roots/list")));
    CHECK(questions.add(question_message(
        "\"7\"", "elicitation/create",
        R"({"message":"who?","n":12345678901234567890,"task":{},"_meta":{"progressToken":3}})")));
    CHECK_FALSE(questions.add(question_message("7", "roots/list")));
    CHECK(
        questions.requests() ==
        R"({"k1":{"method":"roots/list"},"k2":{"method":"elicitation/create","params":{"message":"who?","n":12345678901234567890}}})");
    const auto answers = questions.take_answers(
        R"({"other":{},"k2":{"action":"accept","content":{"n":9007199254740993}}})");
    REQUIRE(answers.size() == 1);
    CHECK(
        answers[0].bytes() ==
        R"({"jsonrpc":"2.0","id":"7","result":{"action":"accept","content":{"n":9007199254740993}}})");
    CHECK(questions.requests() == R"({"k1":{"method":"roots/list"}})");
    CHECK(questions.add(question_message("8", "roots/list")));
    CHECK(questions.requests().find("\"k3\"") != std::string::npos);
}

TEST_CASE("malformed answers are recognised") {
    InputQuestions questions;
    questions.add(question_message("1", "roots/list"));
    CHECK(questions.well_formed(""));
    CHECK(questions.well_formed("{}"));
    CHECK(questions.well_formed(R"({"k9":5})"));
    CHECK_FALSE(questions.well_formed("[]"));
    CHECK_FALSE(questions.well_formed(R"({"k1":5})"));
}

TEST_CASE("nobody answers: elicitations are cancelled, the others fail") {
    InputQuestions questions;
    questions.add(question_message("1", "elicitation/create"));
    questions.add(question_message("2", "sampling/createMessage"));
    questions.add(question_message("3", "roots/list"));
    questions.withdraw("3");
    const auto answers = questions.give_up();
    REQUIRE(answers.size() == 2);
    CHECK(answers[0].bytes() == R"({"jsonrpc":"2.0","id":1,"result":{"action":"cancel"}})");
    CHECK(sdk::error_code_of(answers[1]) == -32603);
    CHECK(questions.empty());
}

TEST_CASE("a server can't ask without end") {
    InputQuestions questions;
    for (std::size_t i = 0; i < InputQuestions::kMax; ++i)
        CHECK(questions.add(question_message(std::to_string(i), "roots/list")));
    CHECK_FALSE(questions.add(question_message("\"more\"", "roots/list")));
}

TEST_CASE("URLs to visit, and what became of the visits") {
    const std::string requests = url_input_requests(
        R"([{"mode":"url","elicitationId":"e1","url":"https://a","message":"A"},{"url":"https://b","message":"B"}])");
    CHECK(
        requests ==
        R"({"k1":{"method":"elicitation/create","params":{"mode":"url","url":"https://a","message":"A"}},)"
        R"("k2":{"method":"elicitation/create","params":{"url":"https://b","message":"B","mode":"url"}}})");
    CHECK(url_input_requests("[]").empty());
    CHECK(url_input_requests("").empty());
    const auto judge = [&](std::string_view responses) {
        return judge_url_answers(requests, responses);
    };
    CHECK(judge(R"({"k1":{"action":"accept"},"k2":{"action":"accept"}})") ==
          UrlAnswer::all_accepted);
    CHECK(judge(R"({"k1":{"action":"accept"}})") == UrlAnswer::incomplete);
    CHECK(judge("") == UrlAnswer::incomplete);
    CHECK(judge(R"({"k1":{"action":"decline"},"k2":{"action":"accept"}})") == UrlAnswer::declined);
    CHECK(judge(R"({"k1":{"action":"cancel"}})") == UrlAnswer::declined);
    CHECK(judge(R"({"k1":7})") == UrlAnswer::malformed);
    CHECK(judge("[]") == UrlAnswer::malformed);
}

TEST_CASE("a state opens for the same request of the same principal only") {
    const Seal seal;
    constexpr std::string_view params = R"({"name":"t","arguments":{"a":1,"b":2}})";
    const std::string context = state_context("alice", "tools/call", params);
    RequestState state(RequestState::Kind::url_retry,
                       sdk::TimePoint(std::chrono::milliseconds(12345)), 3);
    state.questions = R"({"k1": "with spaces"})";
    const std::string sealed = state.sealed(seal, context);
    const auto opened = RequestState::open(seal, sealed, context);
    REQUIRE(opened);
    CHECK(opened->kind == RequestState::Kind::url_retry);
    CHECK(opened->ticket == state.ticket);
    CHECK(opened->expiry == state.expiry);
    CHECK(opened->rounds == 3);
    CHECK(opened->questions == state.questions);
    const auto opens = [&](std::string_view principal, std::string_view method,
                           std::string_view its_params) {
        return RequestState::open(seal, sealed, state_context(principal, method, its_params))
            .has_value();
    };
    CHECK(opens(
        "alice", "tools/call",
        R"({"_meta":{"x":1},"requestState":"s","arguments":{"b":2, "a":1},"inputResponses":{},"name":"t"})"));
    CHECK_FALSE(opens("bob", "tools/call", params));
    CHECK_FALSE(opens("alice", "prompts/get", params));
    CHECK_FALSE(opens("alice", "tools/call", R"({"name":"t","arguments":{"a":1,"b":3}})"));
    CHECK_FALSE(opens("alice", "tools/call", R"({"name":"u","arguments":{"a":1,"b":2}})"));
    CHECK_FALSE(RequestState::open(Seal(), sealed, context));
    CHECK_FALSE(RequestState::open(seal, "", context));
}
