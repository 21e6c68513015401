// SPDX-License-Identifier: Apache-2.0
// What a client of revision 2026-07-28 sees of the tools: questions as results, logs on request.
#include "../conversation.hpp"

using namespace demo;

namespace {

struct Question {
    const char* tool;
    const char* capability;
    const char* method;
};

constexpr Question kQuestions[] = {{"ask", "elicitation", "elicitation/create"},
                                   {"sample", "sampling", "sampling/createMessage"},
                                   {"roots", "roots", "roots/list"}};

Json retry(Conversation& talk, const Json& id, const Question& question, Json responses) {
    return talk.ask_stateless(id, "tools/call",
                              {{"name", question.tool},
                               {"inputResponses", std::move(responses)},
                               {"_meta", client_capabilities({question.capability})}});
}

}  // namespace

TEST_CASE("a tool asks its question as a result and goes on when the call comes with the answer") {
    Conversation talk;
    int id = 0;
    for (const Question& question : kQuestions) {
        const Json asked = talk.call_stateless(++id, question.tool, Json::object(),
                                               client_capabilities({question.capability}))
                               .at("result");
        CHECK(asked.at("resultType") == "input_required");
        CHECK_FALSE(asked.contains("content"));
        REQUIRE(asked.at("inputRequests").size() == 1);
        const auto request = asked.at("inputRequests").begin();
        CHECK(request->at("method") == question.method);
        CHECK(request->at("params").is_object());

        const Json reply = {{"told", question.method}, {"big", 9007199254740993}};
        const Json done = retry(talk, ++id, question, {{request.key(), reply}, {"other", 1}});
        CHECK(done.at("result").at("resultType") == "complete");
        CHECK(done.at("result").at("structuredContent") == reply);
    }
    CHECK(talk.heard().size() == 6);
}

TEST_CASE("an answer that lacks is asked for again, one that is no object is refused") {
    Conversation talk;
    const Question& ask = kQuestions[0];
    const Json again = retry(talk, 1, ask, {{"other", Json::object()}}).at("result");
    REQUIRE(again.at("resultType") == "input_required");
    const std::string key = again.at("inputRequests").begin().key();
    CHECK(error_code_of(retry(talk, 2, ask, {{key, 3}})) == -32602);
    CHECK(error_code_of(retry(talk, 3, ask, Json::array({1}))) == -32602);
}

TEST_CASE("who can't be asked is told what it would have to be able to") {
    Conversation talk;
    // What a session declared counts for nothing here.
    talk.ask(0, "initialize", initialize_params("2025-11-25", {{"elicitation", Json::object()}}));
    int id = 0;
    for (const Question& question : kQuestions) {
        const Json error = talk.call_stateless(++id, question.tool).at("error");
        CHECK(error.at("code") == -32021);
        Json required = Json::object();
        required[question.capability] = Json::object();
        CHECK(error.at("data").at("requiredCapabilities") == required);
    }
}

TEST_CASE("a form is not for clients that only open pages") {
    const Json page = {{"url", Json::object()}};
    const Json key = "io.modelcontextprotocol/clientCapabilities";
    const Json only_pages = {{key, {{"elicitation", page}}}};
    Conversation talk;
    CHECK(error_code_of(talk.call_stateless(1, "ask", Json::object(), only_pages)) == -32021);
    const Json both = {{"url", Json::object()}, {"form", Json::object()}};
    const Json forms_too = {{key, {{"elicitation", both}}}};
    CHECK(talk.call_stateless(2, "ask", Json::object(), forms_too).contains("result"));
}

TEST_CASE("log messages come for the request that wants them, and for no other") {
    Conversation talk;
    talk.ask(0, "logging/setLevel", {{"level", "debug"}});
    talk.call_stateless(1, "log", {{"level", "emergency"}});
    talk.call_stateless(2, "log", {{"level", "info"}}, log_level("warning"));
    CHECK(talk.heard().size() == 3);
    talk.call_stateless(3, "log", {{"level", "warning"}, {"message", "hear"}},
                        log_level("warning"));
    const std::vector<Json> heard = talk.heard();
    REQUIRE(heard.size() == 5);
    CHECK(heard[3].at("method") == "notifications/message");
    CHECK(heard[3].at("params").at("data") == "hear");
    CHECK(heard[4].at("id") == 3);
}

TEST_CASE("a stateless slow call reports progress and can be cancelled") {
    Conversation talk;
    talk.say(make_request(1, "tools/call",
                          stateless_params({{"name", "slow"},
                                            {"arguments", {{"steps", 1000}, {"delay_ms", 1}}},
                                            {"_meta", {{"progressToken", 7}}}})));
    const Json progress = talk.wait_for_method("notifications/progress");
    CHECK(progress.at("params").at("progressToken") == 7);
    talk.say(make_notification("notifications/cancelled", {{"requestId", 1}}));
    const std::size_t before = talk.heard().size();
    talk.call_stateless(2, "slow", {{"steps", 1}, {"delay_ms", 20}});
    CHECK(talk.heard().size() == before + 1);
}
