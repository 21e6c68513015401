// SPDX-License-Identifier: Apache-2.0
// What a client sees of the tools: results, progress, cancellation, questions to the client.
#include "../conversation.hpp"

#include <unistd.h>

#include <algorithm>

using namespace demo;

namespace {

bool lists(Conversation& talk, const Json& id, std::string_view name) {
    const Json listed = talk.ask(id, "tools/list").at("result").at("tools");
    return std::ranges::any_of(listed, [&](const Json& tool) { return tool.at("name") == name; });
}

Json slow_request(int id, int steps, int delay_ms, const Json& token) {
    Json params = {{"name", "slow"}, {"arguments", {{"steps", steps}, {"delay_ms", delay_ms}}}};
    if (!token.is_null()) params["_meta"] = {{"progressToken", token}};
    return make_request(id, "tools/call", params);
}

}  // namespace

TEST_CASE("every tool is listed with an object schema") {
    Conversation talk;
    const Json listed = talk.ask(1, "tools/list").at("result").at("tools");
    CHECK(listed.size() == 10);
    for (const Json& tool : listed)
        CHECK(tool.at("inputSchema").at("type") == "object");
}

TEST_CASE("echo keeps text and numbers as they are") {
    Conversation talk;
    CHECK(text_of(talk.call_tool(1, "echo", {{"message", "h\u00e9llo\u2028"}})) ==
          "h\u00e9llo\u2028");
    talk.say_raw(
        R"({"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"echo",)"
        R"("arguments":{"message":[9007199254740993,-9007199254740993,18446744073709551615]}}})");
    CHECK(text_of(talk.answer_to(2)) ==
          "[9007199254740993,-9007199254740993,18446744073709551615]");
}

TEST_CASE("add is exact where integers can be") {
    Conversation talk;
    CHECK(text_of(talk.call_tool(1, "add", {{"a", 9007199254740993}, {"b", 1}})) ==
          "9007199254740994");
    CHECK(text_of(talk.call_tool(2, "add", {{"a", 0.5}, {"b", -2}})) == "-1.5");
    const Json sum = talk.call_tool(3, "add", {{"a", 20}, {"b", 22}});
    CHECK(sum.at("result").at("structuredContent").at("sum") == 42);
}

TEST_CASE("bad arguments are told to the model, not to the protocol") {
    Conversation talk;
    const std::pair<const char*, Json> bad[] = {{"echo", Json::object()},
                                                {"add", {{"a", 1}, {"b", "2"}}},
                                                {"bump", {{"by", -1}}},
                                                {"slow", {{"steps", 1001}}},
                                                {"log", {{"level", 3}}}};
    int id = 1;
    for (const auto& [name, arguments] : bad) {
        const Json answer = talk.call_tool(id++, name, arguments);
        CHECK(answer.at("result").at("isError") == true);
        CHECK(text_of(answer).starts_with(name));
    }
    CHECK(error_code_of(talk.ask(id, "tools/call", {{"name", "echo"}, {"arguments", 3}})) ==
          -32602);
}

TEST_CASE("whoami counts the requests that this process has served") {
    Conversation talk;
    talk.ask(1, "ping");
    const Json who = talk.call_tool(2, "whoami").at("result").at("structuredContent");
    CHECK(who.at("requests") == 2);
    CHECK(who.at("pid") == ::getpid());
}

TEST_CASE("slow reports each step to the token, in order, before it answers") {
    Conversation talk;
    talk.say(slow_request(1, 3, 1, "token"));
    talk.answer_to(1);
    const std::vector<Json> heard = talk.heard();
    REQUIRE(heard.size() == 4);
    for (int step = 1; step <= 3; ++step) {
        const Json params = heard[step - 1].at("params");
        CHECK(params.at("progressToken") == "token");
        CHECK(params.at("progress") == step);
        CHECK(params.at("total") == 3);
    }
    CHECK(heard[3].at("id") == 1);
}

TEST_CASE("slow says nothing of its progress unless asked, and holds nobody up") {
    Conversation talk;
    talk.say(slow_request(1, 2, 20, nullptr));
    CHECK(talk.ask(2, "ping").contains("result"));
    talk.answer_to(1);
    const std::vector<Json> heard = talk.heard();
    REQUIRE(heard.size() == 2);
    CHECK(heard[0].at("id") == 2);
    CHECK(heard[1].at("id") == 1);
}

TEST_CASE("nothing is heard of a call once it is cancelled, while others go on") {
    Conversation talk;
    talk.say(slow_request(1, 1000, 1, "first"));
    talk.wait_for_method("notifications/progress");
    talk.say(make_notification("notifications/cancelled", {{"requestId", 1}}));
    const std::size_t before = talk.heard().size();
    talk.say(slow_request(2, 3, 20, nullptr));
    talk.answer_to(2);
    CHECK(talk.heard().size() == before + 1);
}

TEST_CASE("stopping ends every call that is still running") {
    Conversation talk;
    for (int id = 1; id <= 20; ++id)
        talk.say(slow_request(id, 1000, 60000, id));
    talk.stop();
    CHECK(talk.heard().empty());
}

TEST_CASE("more waiting calls than there is room for are refused, not queued") {
    Conversation talk;
    for (int id = 1; id <= 257; ++id)
        talk.say(slow_request(id, 1, 60000, nullptr));
    CHECK(error_code_of(talk.answer_to(257)) == -32603);
    CHECK(talk.heard().size() == 1);
}

TEST_CASE("ask, sample and roots hand back what the client answered") {
    const std::pair<const char*, const char*> questions[] = {{"ask", "elicitation/create"},
                                                             {"sample", "sampling/createMessage"},
                                                             {"roots", "roots/list"}};
    Conversation talk;
    talk.ask(0, "initialize",
             initialize_params("2025-11-25", {{"elicitation", Json::object()},
                                              {"sampling", Json::object()},
                                              {"roots", Json::object()}}));
    int id = 1;
    for (const auto& [tool, method] : questions) {
        talk.say(make_request(id, "tools/call", {{"name", tool}}));
        const Json question = talk.wait_for_method(method);
        const Json reply = {{"told", method}, {"big", 9007199254740993}};
        talk.say(make_result(question.at("id"), reply));
        CHECK(talk.answer_to(id++).at("result").at("structuredContent") == reply);
    }
}

TEST_CASE("a client that did not declare a capability is not asked") {
    Conversation talk;
    talk.ask(0, "initialize", initialize_params("2025-11-25"));
    int id = 1;
    for (const char* tool : {"ask", "sample", "roots"}) {
        CHECK(talk.call_tool(id++, tool).at("result").at("isError") == true);
    }
    CHECK(talk.heard().size() == 4);
}

TEST_CASE("a refusal by the client becomes the call's error") {
    Conversation talk;
    talk.ask(0, "initialize", initialize_params("2025-11-25", {{"sampling", Json::object()}}));
    talk.say(make_request(1, "tools/call", {{"name", "sample"}}));
    const Json id = talk.wait_for_method("sampling/createMessage").at("id");
    talk.say(make_error(id, RpcError(-1, "User rejected sampling request")));
    const Json answer = talk.answer_to(1);
    CHECK(error_code_of(answer) == -1);
    CHECK(answer.at("error").at("message") == "User rejected sampling request");
}

TEST_CASE("cancelling a call withdraws the question that it had asked") {
    Conversation talk;
    talk.ask(0, "initialize", initialize_params("2025-11-25", {{"sampling", Json::object()}}));
    talk.say(make_request(1, "tools/call", {{"name", "sample"}}));
    const Json asked = talk.wait_for_method("sampling/createMessage").at("id");
    talk.say(make_notification("notifications/cancelled", {{"requestId", 1}}));
    const Json withdrawn = talk.wait_for_method("notifications/cancelled");
    CHECK(withdrawn.at("params").at("requestId") == asked);
    talk.say(make_result(asked, {{"too", "late"}}));
    talk.stop();
    CHECK(talk.heard().back() == withdrawn);
}

TEST_CASE("log respects the level that the client set") {
    Conversation talk;
    talk.call_tool(1, "log", {{"level", "info"}, {"message", "one"}});
    talk.ask(2, "logging/setLevel", {{"level", "warning"}});
    talk.call_tool(3, "log", {{"level", "info"}, {"message", "two"}});
    talk.call_tool(4, "log", {{"level", "error"}, {"message", "three"}});
    const std::vector<Json> heard = talk.heard();
    REQUIRE(heard.size() == 6);
    CHECK(heard[0].at("params").at("data") == "one");
    CHECK(heard[4].at("params").at("data") == "three");
}

TEST_CASE("touch_tools announces a list that really changed") {
    Conversation talk;
    CHECK_FALSE(lists(talk, 1, "bonus"));
    CHECK(error_code_of(talk.call_tool(2, "bonus")) == -32602);
    talk.call_tool(3, "touch_tools");
    CHECK(talk.wait_for_method("notifications/tools/list_changed").contains("jsonrpc"));
    CHECK(lists(talk, 4, "bonus"));
    CHECK(text_of(talk.call_tool(5, "bonus")) == "a bonus");
    talk.call_tool(6, "touch_tools");
    CHECK_FALSE(lists(talk, 7, "bonus"));
}
