// SPDX-License-Identifier: Apache-2.0
// What a client of revision 2026-07-28 sees: discovery, results, refusals, subscriptions, eras.
#include "stateless.hpp"

#include "conversation.hpp"

using namespace demo;

namespace {

const Json kListenToAll = {
    {"toolsListChanged", true},
    {"promptsListChanged", true},
    {"resourceSubscriptions", Json::array({"demo://counter", "demo://none"})}};

Json listen_request(const Json& id, const Json& filter) {
    return make_request(id, "subscriptions/listen", stateless_params({{"notifications", filter}}));
}

Json subscription_of(const Json& holder) {
    return holder.at("_meta").at("io.modelcontextprotocol/subscriptionId");
}

Json without_meta(const char* key) {
    Json params = stateless_params();
    params.at("_meta").erase("io.modelcontextprotocol/" + std::string(key));
    return params;
}

Json with_version(const char* version) {
    return stateless_params({{"_meta", {{"io.modelcontextprotocol/protocolVersion", version}}}});
}

}  // namespace

TEST_CASE("discovery names the versions, the newest first, and what the server can") {
    Conversation talk;
    const Json result = talk.ask_stateless(1, "server/discover").at("result");
    CHECK(result.at("supportedVersions") ==
          Json({"2026-07-28", "2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"}));
    CHECK(result.at("capabilities").at("tools").at("listChanged") == true);
    CHECK(result.at("capabilities").at("resources").at("subscribe") == true);
    CHECK(result.at("instructions").is_string());
}

TEST_CASE("every stateless result says its type and who made it, and six say how long they last") {
    const std::pair<const char*, Json> cacheable[] = {
        {"server/discover", Json::object()},
        {"tools/list", Json::object()},
        {"prompts/list", Json::object()},
        {"resources/list", Json::object()},
        {"resources/templates/list", Json::object()},
        {"resources/read", {{"uri", "demo://about"}}}};
    const std::pair<const char*, Json> others[] = {
        {"prompts/get", {{"name", "greet"}, {"arguments", {{"name", "Ada"}}}}},
        {"tools/call", {{"name", "echo"}, {"arguments", {{"message", "x"}}}}},
        {"tools/call", {{"name", "slow"}, {"arguments", {{"steps", 0}}}}},
        {"tools/call", {{"name", "echo"}}},
        {"completion/complete",
         {{"ref", {{"type", "ref/prompt"}, {"name", "greet"}}},
          {"argument", {{"name", "name"}, {"value", "B"}}}}}};
    Conversation talk;
    int id = 0;
    const auto result_of = [&](const char* method, const Json& params) {
        const Json result = talk.ask_stateless(++id, method, params).at("result");
        CHECK(result.at("resultType") == "complete");
        CHECK(result.at("_meta").at("io.modelcontextprotocol/serverInfo").at("name") ==
              "shadowcat-demo-server");
        return result;
    };
    for (const auto& [method, params] : cacheable) {
        const Json result = result_of(method, params);
        CHECK(result.at("ttlMs") >= 0);
        CHECK(result.at("cacheScope") == "public");
    }
    for (const auto& [method, params] : others)
        CHECK_FALSE(result_of(method, params).contains("ttlMs"));
}

TEST_CASE("the counter isn't to be cached, since it changes") {
    Conversation talk;
    const Json read = talk.ask_stateless(1, "resources/read", {{"uri", "demo://counter"}});
    CHECK(read.at("result").at("ttlMs") == 0);
}

TEST_CASE("results of a session have nothing of what stateless ones have") {
    Conversation talk;
    talk.ask(0, "initialize", initialize_params("2025-11-25"));
    CHECK(talk.ask_stateless(1, "tools/list").at("result").contains("resultType"));
    const Json listed = talk.ask(2, "tools/list").at("result");
    CHECK(listed.size() == 1);
    CHECK(listed.contains("tools"));
    CHECK_FALSE(talk.call_tool(3, "echo", {{"message", "x"}}).at("result").contains("resultType"));
}

TEST_CASE("a request must say its version and what its client can, and need not say who it is") {
    Conversation talk;
    CHECK(error_code_of(talk.ask(1, "tools/list", without_meta("clientCapabilities"))) == -32602);
    CHECK(error_code_of(talk.ask(2, "server/discover", without_meta("protocolVersion"))) == -32602);
    CHECK(error_code_of(talk.ask(3, "server/discover")) == -32602);
    for (const Json& wrong : {Json(7), Json::array()}) {
        const Json key = {{"io.modelcontextprotocol/clientCapabilities", wrong}};
        CHECK(error_code_of(talk.ask_stateless(4, "tools/list", {{"_meta", key}})) == -32602);
    }
    CHECK(talk.ask_stateless(5, "tools/list").contains("result"));
}

TEST_CASE("another version is refused with those that are there") {
    Conversation talk;
    int id = 0;
    for (const char* version : {"2027-01-01", "2025-11-25", ""}) {
        const Json error = talk.ask(++id, "tools/list", with_version(version)).at("error");
        CHECK(error.at("code") == -32022);
        CHECK(error.at("data").at("requested") == version);
        CHECK(error.at("data").at("supported").at(0) == "2026-07-28");
    }
}

TEST_CASE("methods that only sessions have are unknown to stateless requests") {
    Conversation talk;
    int id = 0;
    for (const char* method : {"initialize", "ping", "logging/setLevel", "resources/subscribe",
                               "resources/unsubscribe", "no/such"}) {
        const Json answer =
            talk.ask_stateless(++id, method, {{"uri", "demo://counter"}, {"level", "info"}});
        CHECK(error_code_of(answer) == -32601);
    }
}

TEST_CASE("what doesn't exist or is malformed is -32602 without a session") {
    Conversation talk;
    CHECK(error_code_of(talk.ask_stateless(1, "resources/read", {{"uri", "demo://none"}})) ==
          -32602);
    CHECK(error_code_of(talk.ask_stateless(2, "tools/list", {{"cursor", ""}})) == -32602);
    CHECK(error_code_of(talk.call_stateless(3, "nope")) == -32602);
    CHECK(error_code_of(talk.call_stateless(4, "echo", Json::object(), log_level("loud"))) ==
          -32602);
    CHECK(error_code_of(talk.ask_stateless(5, "subscriptions/listen")) == -32602);
    int id = 5;
    for (const Json& filter :
         {Json({{"toolsListChanged", 1}}), Json({{"resourceSubscriptions", "demo://counter"}}),
          Json({{"resourceSubscriptions", Json::array({1})}})}) {
        talk.say(listen_request(++id, filter));
        CHECK(error_code_of(talk.answer_to(id)) == -32602);
    }
}

TEST_CASE("a listener is told what it will hear, hears it tagged, and nothing after it cancelled") {
    Conversation talk;
    talk.say(listen_request("ear", kListenToAll));
    REQUIRE(talk.heard().size() == 1);
    const Json ack = talk.heard()[0];
    CHECK(ack.at("method") == "notifications/subscriptions/acknowledged");
    CHECK(subscription_of(ack.at("params")) == "ear");
    CHECK(ack.at("params").at("notifications") ==
          Json({{"toolsListChanged", true},
                {"resourceSubscriptions", Json::array({"demo://counter"})}}));

    talk.call_stateless(1, "touch_tools");
    talk.call_stateless(2, "bump");
    std::vector<Json> heard = talk.heard();
    REQUIRE(heard.size() == 5);
    CHECK(heard[1].at("method") == "notifications/tools/list_changed");
    CHECK(subscription_of(heard[1].at("params")) == "ear");
    CHECK(heard[2].at("id") == 1);
    CHECK(heard[3].at("method") == "notifications/resources/updated");
    CHECK(heard[3].at("params").at("uri") == "demo://counter");
    CHECK(subscription_of(heard[3].at("params")) == "ear");

    talk.say(make_notification("notifications/cancelled", {{"requestId", "ear"}}));
    talk.call_stateless(3, "touch_tools");
    CHECK(talk.heard().size() == 6);
}

TEST_CASE("each listener hears what it asked for under its own id, and the session hears as ever") {
    Conversation talk;
    talk.say(listen_request(1, {{"toolsListChanged", true}}));
    talk.say(listen_request("1", {{"resourceSubscriptions", Json::array({"demo://counter"})}}));
    talk.call_tool(2, "touch_tools");
    talk.call_tool(3, "bump");
    const std::vector<Json> heard = talk.heard();
    REQUIRE(heard.size() == 7);
    CHECK(heard[2] == make_notification("notifications/tools/list_changed", Json::object()));
    CHECK(subscription_of(heard[3].at("params")) == 1);
    CHECK(heard[4].at("id") == 2);
    CHECK(subscription_of(heard[5].at("params")) == "1");
    CHECK(heard[6].at("id") == 3);
}

TEST_CASE("an id that listens can't listen a second time") {
    Conversation talk;
    talk.say(listen_request(1, kListenToAll));
    talk.say(listen_request(1, kListenToAll));
    CHECK(error_code_of(talk.answer_to(1)) == -32600);
    talk.call_stateless(2, "bump");
    CHECK(talk.heard().size() == 4);
}

TEST_CASE("listeners are told of the end") {
    Conversation talk;
    talk.say(listen_request(7, kListenToAll));
    talk.stop();
    const std::vector<Json> heard = talk.heard();
    REQUIRE(heard.size() == 3);
    CHECK(heard[1].at("id") == 7);
    CHECK(heard[1].at("result").at("resultType") == "complete");
    CHECK(subscription_of(heard[1].at("result")) == 7);
    CHECK(heard[2].at("method") == "notifications/cancelled");
    CHECK(heard[2].at("params").at("requestId") == 7);
}

TEST_CASE("a legacy server doesn't know of stateless requests") {
    Conversation talk(Era::kLegacy);
    CHECK(error_code_of(talk.ask_stateless(1, "server/discover")) == -32601);
    CHECK(error_code_of(talk.ask_stateless(2, "subscriptions/listen")) == -32601);
    CHECK(talk.ask(3, "tools/list", with_version("2027-01-01")).at("result").size() == 1);
    CHECK(talk.ask_stateless(4, "ping").at("result") == Json::object());
    const Json opened = talk.ask(5, "initialize", initialize_params("2026-07-28"));
    CHECK(opened.at("result").at("protocolVersion") == "2025-11-25");
}

TEST_CASE("a modern server names its versions to who wants a session") {
    Conversation talk(Era::kModern);
    const Json error = talk.ask(1, "initialize", initialize_params("2025-06-18")).at("error");
    CHECK(error.at("code") == -32022);
    CHECK(error.at("data") ==
          Json({{"supported", Json::array({"2026-07-28"})}, {"requested", "2025-06-18"}}));
    CHECK(error_code_of(talk.ask(2, "initialize", Json::array({1}))) == -32602);
    CHECK(error_code_of(talk.ask_stateless(3, "initialize")) == -32601);
    CHECK(error_code_of(talk.ask(4, "tools/list")) == -32602);
    const Json discovered = talk.ask_stateless(5, "server/discover").at("result");
    CHECK(discovered.at("supportedVersions") == Json::array({"2026-07-28"}));
    talk.call_stateless(6, "touch_tools");
    CHECK(talk.heard().size() == 6);
}
