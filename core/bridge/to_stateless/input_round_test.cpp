// SPDX-License-Identifier: Apache-2.0
// One round of questions and answers, as data.
#include "core/bridge/to_stateless/input_round.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::core;

namespace {

sdk::Message parsed(std::string_view text) {
    return sdk::Message::parse(std::string(text)).value();
}

const ClientProfile kClient(
    parsed(R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":{"capabilities":)"
           R"({"elicitation":{"form":{},"url":{}},"sampling":{},"roots":{}}}})"));

sdk::Result<InputRound> begun(std::string_view requests, std::string_view state = {},
                              const ClientProfile& client = kClient) {
    int last = 0;
    return InputRound::begin(requests, state, client,
                             [&last] { return "\"q" + std::to_string(++last) + "\""; });
}

const std::string kTwo =
    R"({"a\u0062":{"method":"sampling/createMessage","params":{"maxTokens":10.0}},)"
    R"("":{"method":"elicitation/create","params":{"message":"?","requestedSchema":{}}}})";

sdk::Message input_result(std::string_view id, std::string_view value) {
    return parsed(R"({"jsonrpc":"2.0","id":")" + std::string(id) + R"(","result":)" +
                  std::string(value) + "}");
}
sdk::Message refusal(std::string_view id) {
    return parsed(R"({"jsonrpc":"2.0","id":")" + std::string(id) +
                  R"(","error":{"code":-1,"message":"no","data":{"n":1.0}}})");
}

}  // namespace

TEST_CASE("entries become requests with ids of their own, their params stay byte by byte") {
    const InputRound round = begun(kTwo).value();
    REQUIRE(round.questions().size() == 2);
    CHECK(round.questions()[0].bytes() ==
          R"({"jsonrpc":"2.0","id":"q1","method":"sampling/createMessage",)"
          R"("params":{"maxTokens":10.0}})");
    CHECK(round.questions()[1].bytes() ==
          R"({"jsonrpc":"2.0","id":"q2","method":"elicitation/create",)"
          R"("params":{"message":"?","requestedSchema":{}}})");
    CHECK_FALSE(round.over());
}

TEST_CASE("roots need no params; a url gets an id, unless it has one") {
    const InputRound round =
        begun(R"({"r":{"method":"roots/list"},)"
              R"("u":{"method":"elicitation/create","params":{"mode":"url","url":"https://a"}},)"
              R"("v":{"method":"elicitation/create","params":{"mode":"url","elicitationId":"x"}}})")
            .value();
    CHECK(round.questions()[0].bytes() == R"({"jsonrpc":"2.0","id":"q1","method":"roots/list"})");
    CHECK(round.questions()[1].params() ==
          R"({"mode":"url","url":"https://a","elicitationId":"q2"})");
    CHECK(round.questions()[2].params() == R"({"mode":"url","elicitationId":"x"})");
}

TEST_CASE("answers come in any order, each counts once, foreign ones don't") {
    InputRound round = begun(kTwo, R"("s\u0041")").value();
    CHECK(round.awaits("\"q2\""));
    CHECK_FALSE(round.awaits("2"));
    round.answer(input_result("q2", R"({"action":"accept","content":{"n":9007199254740993}})"));
    CHECK_FALSE(round.awaits("\"q2\""));
    round.answer(input_result("q2", R"({"action":"decline"})"));
    round.answer(input_result("q3", "{}"));
    CHECK_FALSE(round.over());
    CHECK(round.unanswered() == std::vector<std::string>{"\"q1\""});
    round.answer(input_result("q1", R"({"_meta":{"x":1},"role":"assistant","model":"m"})"));
    CHECK(round.over());
    CHECK(round.failure().empty());
    CHECK(round.responses() == R"({"ab":{"role":"assistant","model":"m"},)"
                               R"("":{"action":"accept","content":{"n":9007199254740993}}})");
    CHECK(round.state() == R"("s\u0041")");
}

TEST_CASE("a refused elicitation is cancelled; any other refusal ends the call with that error") {
    InputRound round = begun(kTwo).value();
    round.answer(refusal("q2"));
    CHECK_FALSE(round.over());
    round.answer(refusal("q1"));
    CHECK(round.over());
    CHECK(round.failure() == R"({"code":-1,"message":"no","data":{"n":1.0}})");

    InputRound first = begun(kTwo).value();
    first.answer(refusal("q1"));
    CHECK(first.over());
    CHECK(first.unanswered() == std::vector<std::string>{"\"q2\""});

    InputRound only = begun(R"({"k":{"method":"elicitation/create"}})").value();
    only.answer(refusal("q1"));
    CHECK(only.responses() == R"({"k":{"action":"cancel"}})");
}

TEST_CASE("a state alone asks nobody") {
    const InputRound round = begun("", R"("s")").value();
    CHECK(round.over());
    CHECK(round.questions().empty());
    CHECK(round.responses().empty());
    CHECK(begun("{}", R"("s")").value().over());
}

TEST_CASE("what can't be asked") {
    CHECK(begun("").has_error());
    CHECK(begun("{}").has_error());
    CHECK(begun("", "7").has_error());
    CHECK(begun(R"({"k":{"method":"tools/list"}})").has_error());
    CHECK(begun(R"({"k":{"method":"roots/list","params":[1]}})").has_error());
    CHECK(begun(R"({"k":7})").has_error());
    const auto undeclared = begun(R"({"k":{"method":"roots/list"}})", "", ClientProfile());
    REQUIRE(undeclared.has_error());
    CHECK(undeclared.error().message() ==
          "the server asks for input that the client did not offer");
    std::string many = "{";
    for (std::size_t i = 0; i <= InputRound::kMaxQuestions; ++i)
        many += (i ? ",\"" : "\"") + std::to_string(i) + R"(":{"method":"roots/list"})";
    CHECK(begun(many + "}").has_error());
}

TEST_CASE("a server that only says 'come again' is asked at once, then ever later") {
    using std::chrono::milliseconds;
    CHECK(pause_before_round(1) == milliseconds(0));
    CHECK(pause_before_round(2) == milliseconds(100));
    CHECK(pause_before_round(4) == milliseconds(400));
    CHECK(pause_before_round(16) == milliseconds(5000));
    CHECK(pause_before_round(1000) == milliseconds(5000));
}
