// SPDX-License-Identifier: Apache-2.0
// What a server says while it works: progress, questions to the client, news on the GET stream.
#include "harness/process_table.hpp"
#include "harness/proxy_fixture.hpp"

#include <doctest/doctest.h>

#include <utility>

using namespace integration;

namespace {

const Json kAllCapabilities = {{"sampling", Json::object()},
                               {"elicitation", Json::object()},
                               {"roots", {{"listChanged", true}}}};

void check_progress(const std::vector<Json>& heard, const Json& token, int steps) {
    REQUIRE(heard.size() == static_cast<std::size_t>(steps));
    for (int step = 1; step <= steps; ++step) {
        const Json& note = heard[static_cast<std::size_t>(step - 1)];
        CHECK(note.at("method") == "notifications/progress");
        CHECK(note.at("params").at("progressToken") == token);
        CHECK(note.at("params").at("progress") == step);
    }
}

}  // namespace

TEST_CASE("progress comes before the response, in order, under the client's own token") {
    ReverseProxy proxy(kDemoServer);
    McpClient client = proxy.client();
    client.initialize();
    for (const Json& token : {Json("a token"), Json(17), Json(9007199254740993)}) {
        Messages call = client.begin_tool("slow", {{"steps", 3}, {"delay_ms", 1}}, token);
        CHECK(text_of(call.response()) == "done after 3 steps");
        CHECK(call.head().status == 200);
        CHECK(call.head().is_event_stream());
        CHECK(call.head().header("cache-control") == "no-cache");
        check_progress(call.heard, token, 3);
        CHECK_FALSE(call.next().has_value());
    }
}

TEST_CASE("progress is on its way while the server still works") {
    ReverseProxy proxy(kDemoServer);
    McpClient client = proxy.client();
    client.initialize();
    Messages call = client.begin_tool("slow", {{"steps", 1000}, {"delay_ms", 50}}, "t");
    CHECK(call.wait_for("notifications/progress").at("params").at("progress") == 1);
}

TEST_CASE("without a token there is no stream") {
    ReverseProxy proxy(kDemoServer);
    McpClient client = proxy.client();
    client.initialize();
    Messages call = client.begin_tool("slow", {{"steps", 2}, {"delay_ms", 1}});
    CHECK(call.head().header("content-type") == "application/json");
    CHECK(text_of(call.response()) == "done after 2 steps");
}

TEST_CASE("the server's questions reach the client and its answers the server") {
    ReverseProxy proxy(kDemoServer);
    McpClient client = proxy.client();
    client.initialize(kAllCapabilities);
    const std::pair<const char*, const char*> questions[] = {{"sample", "sampling/createMessage"},
                                                             {"ask", "elicitation/create"},
                                                             {"roots", "roots/list"}};
    for (const auto& [tool, method] : questions) {
        Messages call = client.begin_tool(tool);
        const Json question = call.wait_for(method);
        const Json answer = {{"told", method}, {"big", 9007199254740993}};
        const HttpResponse taken = client.respond(question.at("id"), answer);
        CHECK(taken.status == 202);
        CHECK(taken.body.empty());
        CHECK(call.response().at("result").at("structuredContent") == answer);
    }
}

TEST_CASE("a client's refusal reaches the server as an error") {
    ReverseProxy proxy(kDemoServer);
    McpClient client = proxy.client();
    client.initialize(kAllCapabilities);
    Messages call = client.begin_tool("sample");
    const Json id = call.wait_for("sampling/createMessage").at("id");
    const Json refusal = {
        {"jsonrpc", "2.0"}, {"id", id}, {"error", {{"code", -1}, {"message", "User rejected"}}}};
    CHECK(client.post(refusal.dump()).status == 202);
    CHECK(call.response().at("error").at("message") == "User rejected");
}

TEST_CASE("the GET stream brings updates of resources and of lists") {
    ReverseProxy proxy(kDemoServer);
    McpClient client = proxy.client();
    client.initialize();
    Messages news = client.listen();
    REQUIRE(news.head().status == 200);
    CHECK(news.head().is_event_stream());
    CHECK(client.ask("resources/subscribe", {{"uri", "demo://counter"}}).contains("result"));
    CHECK(text_of(client.call_tool("bump", {{"by", 5}})) == "5");
    const Json updated = news.wait_for("notifications/resources/updated");
    CHECK(updated.at("params").at("uri") == "demo://counter");
    client.call_tool("touch_tools");
    CHECK(news.wait_for("notifications/tools/list_changed").contains("jsonrpc"));
}

TEST_CASE("news from before the GET stream waits for it") {
    ReverseProxy proxy(kDemoServer);
    McpClient client = proxy.client();
    client.initialize();
    client.call_tool("touch_tools");
    Messages news = client.listen();
    CHECK(news.wait_for("notifications/tools/list_changed").contains("jsonrpc"));
}

TEST_CASE("a GET stream can be opened again after the client has left it") {
    ReverseProxy proxy(kDemoServer);
    McpClient client = proxy.client();
    client.initialize();
    {
        Messages first = client.listen();
        REQUIRE(first.head().status == 200);
    }
    const bool reopened = eventually([&] { return client.listen().head().status == 200; });
    CHECK(reopened);
}

TEST_CASE("a cancelled call ends without a response, and the session goes on") {
    ReverseProxy proxy(kDemoServer);
    McpClient client = proxy.client();
    client.initialize();
    Messages call = client.begin_tool("slow", {{"steps", 1000}, {"delay_ms", 50}}, "t");
    const Json id = client.last_id();
    call.wait_for("notifications/progress");
    CHECK(client.notify("notifications/cancelled", {{"requestId", id}}).status == 202);
    while (const auto message = call.next())
        CHECK(message->value("method", "response") == "notifications/progress");
    CHECK(text_of(client.call_tool("echo", {{"message", "on"}})) == "on");
}

TEST_CASE("DELETE ends the session, its streams and its server") {
    ReverseProxy proxy(kDemoServer);
    McpClient client = proxy.client();
    client.initialize();
    Messages news = client.listen();
    REQUIRE(news.head().status == 200);
    CHECK(children_of(proxy.process().pid()).size() == 1);
    CHECK(client.end().status == 200);
    CHECK_FALSE(news.next().has_value());
    CHECK(client.begin("tools/list").head().status == 404);
    CHECK(client.listen().head().status == 404);
    CHECK(client.end().status == 404);
    CHECK(eventually([&] { return children_of(proxy.process().pid()).empty(); }));
}
