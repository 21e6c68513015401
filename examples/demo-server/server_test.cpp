// SPDX-License-Identifier: Apache-2.0
// What a client sees of the server: handshake, lists, resources, prompts, errors.
#include "server.hpp"

#include "conversation.hpp"

using namespace demo;

TEST_CASE("initialize echoes a supported revision and offers the latest otherwise") {
    for (const char* revision : {"2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"}) {
        Conversation talk;
        const Json answer = talk.ask(1, "initialize", initialize_params(revision));
        CHECK(answer.at("result").at("protocolVersion") == revision);
    }
    Conversation talk;
    const Json answer = talk.ask(1, "initialize", initialize_params("2025-11-05"));
    CHECK(answer.at("result").at("protocolVersion") == "2025-11-25");
    CHECK(answer.at("result").at("serverInfo").at("name") == "shadowcat-demo-server");
}

TEST_CASE("completion is advertised from 2025-03-26 on") {
    Conversation old_client;
    const Json old = old_client.ask(1, "initialize", initialize_params("2024-11-05"));
    CHECK_FALSE(old.at("result").at("capabilities").contains("completions"));
    Conversation new_client;
    const Json recent = new_client.ask(1, "initialize", initialize_params("2025-03-26"));
    CHECK(recent.at("result").at("capabilities").contains("completions"));
}

TEST_CASE("it answers without initialize, and the seed's test method too") {
    Conversation talk;
    CHECK(talk.ask(1, "ping").at("result") == Json::object());
    const Json answer = talk.ask("1", "test", {{"x", 1}});
    CHECK(answer.at("id") == "1");
    CHECK(answer.at("result").at("params").at("x") == 1);
}

TEST_CASE("errors carry the code and id that JSON-RPC asks for") {
    Conversation talk;
    CHECK(error_code_of(talk.ask(1, "no/such")) == -32601);
    CHECK(error_code_of(talk.ask("two", "tools/call", {{"name", "nope"}})) == -32602);
    CHECK(error_code_of(talk.ask(3, "tools/list", {{"cursor", ""}})) == -32602);
    CHECK(error_code_of(talk.ask(4, "logging/setLevel", {{"level", "loud"}})) == -32602);
    CHECK(error_code_of(talk.ask(5, "resources/read", {{"uri", "demo://none"}})) == -32002);
    CHECK(error_code_of(talk.ask(6, "prompts/get", {{"name", "none"}})) == -32602);
    CHECK(error_code_of(talk.ask(7, "initialize", Json::array({1}))) == -32602);
}

TEST_CASE("what is not a message is answered, and the next message too") {
    const std::string deep(100000, '[');
    const std::pair<std::string, int> bad[] = {
        {"{nonsense", -32700},
        {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"p\xff\"}", -32700},
        {deep, -32700},
        {"[]", -32600},
        {"42", -32600},
        {R"({"id":1,"method":"ping"})", -32600},
        {R"({"jsonrpc":"2.0","id":null,"method":"ping"})", -32600},
        {R"({"jsonrpc":"2.0","id":1.5,"method":"ping"})", -32600},
        {R"({"jsonrpc":"2.0","id":1,"method":"ping","params":3})", -32600},
    };
    for (const auto& [line, code] : bad) {
        Conversation talk;
        talk.say_raw(line);
        REQUIRE(talk.heard().size() == 1);
        CHECK(error_code_of(talk.heard()[0]) == code);
        CHECK(talk.ask(2, "ping").contains("result"));
    }
}

TEST_CASE("blank lines, unknown notifications and stray answers are passed over") {
    Conversation talk;
    talk.say_raw("  \t ");
    talk.say(make_notification("notifications/initialized", {}));
    talk.say(make_notification("notifications/cancelled", {{"requestId", 99}}));
    talk.say(make_result(7, Json::object()));
    talk.say(make_result("seven", Json::object()));
    CHECK(talk.heard().empty());
}

TEST_CASE("batches belong to 2025-03-26 alone") {
    const std::string batch =
        R"([{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","id":2,"method":"ping"}])";
    Conversation talk;
    talk.say_raw(batch);
    CHECK(error_code_of(talk.heard().at(0)) == -32600);
    talk.ask(0, "initialize", initialize_params("2025-03-26"));
    talk.say_raw(batch);
    CHECK(talk.answer_to(1).contains("result"));
    CHECK(talk.answer_to(2).contains("result"));
}

TEST_CASE("a subscribed resource announces its change before the call is answered") {
    Conversation talk;
    const Json uri = {{"uri", "demo://counter"}};
    talk.call_tool(1, "bump");
    CHECK(talk.heard().size() == 1);
    CHECK(talk.ask(2, "resources/subscribe", uri).contains("result"));
    CHECK(text_of(talk.call_tool(3, "bump", {{"by", 41}})) == "42");
    const std::vector<Json> heard = talk.heard();
    REQUIRE(heard.size() == 4);
    CHECK(heard[2].at("method") == "notifications/resources/updated");
    CHECK(heard[2].at("params") == uri);
    CHECK(heard[3].at("id") == 3);
    const Json read = talk.ask(4, "resources/read", uri);
    CHECK(read.at("result").at("contents").at(0).at("text") == "42");
    talk.ask(5, "resources/unsubscribe", uri);
    talk.call_tool(6, "bump");
    CHECK(talk.heard().size() == 7);
}

TEST_CASE("every listed resource can be read, the template too") {
    Conversation talk;
    const Json listed = talk.ask(1, "resources/list").at("result").at("resources");
    REQUIRE(listed.size() == 2);
    int id = 2;
    for (const Json& resource : listed) {
        CHECK(talk.ask(id++, "resources/read", {{"uri", resource.at("uri")}}).contains("result"));
    }
    const Json templates = talk.ask(id++, "resources/templates/list").at("result");
    CHECK(templates.at("resourceTemplates").at(0).at("uriTemplate") == "demo://greeting/{name}");
    const Json read = talk.ask(id++, "resources/read", {{"uri", "demo://greeting/Ada"}});
    CHECK(read.at("result").at("contents").at(0).at("text") == "Hello, Ada!");
}

TEST_CASE("the prompt greets, and its name completes") {
    Conversation talk;
    CHECK(talk.ask(1, "prompts/list").at("result").at("prompts").at(0).at("name") == "greet");
    const Json prompt =
        talk.ask(2, "prompts/get", {{"name", "greet"}, {"arguments", {{"name", "Ada"}}}});
    const Json message = prompt.at("result").at("messages").at(0);
    CHECK(message.at("content").at("text") == "Please greet Ada warmly.");
    const Json completed = talk.ask(3, "completion/complete",
                                    {{"ref", {{"type", "ref/prompt"}, {"name", "greet"}}},
                                     {"argument", {{"name", "name"}, {"value", "B"}}}});
    CHECK(completed.at("result").at("completion").at("values") == Json({"Barbara", "Bjarne"}));
    CHECK(error_code_of(talk.ask(4, "completion/complete")) == -32602);
}
