// SPDX-License-Identifier: Apache-2.0
// One server process for one client session: nobody sees anything of anybody else.
#include "harness/process_table.hpp"
#include "harness/proxy_fixture.hpp"

#include <doctest/doctest.h>

using namespace integration;

namespace {

const Json kSampling = {{"sampling", Json::object()}};

int pid_of(McpClient& client) {
    return client.call_tool("whoami").at("result").at("structuredContent").at("pid");
}

}  // namespace

TEST_CASE("each session has a server of its own, with a state of its own") {
    ReverseProxy proxy(kDemoServer);
    McpClient one = proxy.client(), other = proxy.client();
    one.initialize();
    other.initialize();
    CHECK(one.session() != other.session());
    CHECK(pid_of(one) != pid_of(other));
    CHECK(text_of(one.call_tool("bump", {{"by", 7}})) == "7");
    CHECK(text_of(other.call_tool("bump", {{"by", 1}})) == "1");
}

TEST_CASE("the same ids and tokens at the same time get each session its own answer") {
    ReverseProxy proxy(kDemoServer);
    McpClient one = proxy.client(), other = proxy.client();
    one.initialize();
    other.initialize();
    Messages first = one.begin_tool("slow", {{"steps", 3}, {"delay_ms", 30}}, "t");
    Messages second = other.begin_tool("slow", {{"steps", 5}, {"delay_ms", 20}}, "t");
    CHECK(one.last_id() == other.last_id());
    CHECK(text_of(second.response()) == "done after 5 steps");
    CHECK(text_of(first.response()) == "done after 3 steps");
    CHECK(first.heard.size() == 3);
    CHECK(second.heard.size() == 5);
    for (const Json& note : first.heard)
        CHECK(note.at("params").at("total") == 3);
}

TEST_CASE("an answer from another session answers nothing") {
    ReverseProxy proxy(kDemoServer);
    McpClient one = proxy.client(), other = proxy.client();
    one.initialize(kSampling);
    other.initialize(kSampling);
    Messages asking = one.begin_tool("sample");
    const Json id = asking.wait_for("sampling/createMessage").at("id");
    other.respond(id, {{"from", "a stranger"}});
    CHECK(text_of(other.call_tool("echo", {{"message", "still here"}})) == "still here");
    CHECK(one.respond(id, {{"from", "the owner"}}).status == 202);
    CHECK(asking.response().at("result").at("structuredContent").at("from") == "the owner");
}

TEST_CASE("questions with the same id in two sessions get each its own answer") {
    ReverseProxy proxy(kDemoServer);
    McpClient one = proxy.client(), other = proxy.client();
    one.initialize(kSampling);
    other.initialize(kSampling);
    Messages first = one.begin_tool("sample"), second = other.begin_tool("sample");
    const Json first_id = first.wait_for("sampling/createMessage").at("id");
    const Json second_id = second.wait_for("sampling/createMessage").at("id");
    CHECK(first_id == second_id);
    other.respond(second_id, {{"from", "other"}});
    one.respond(first_id, {{"from", "one"}});
    CHECK(first.response().at("result").at("structuredContent").at("from") == "one");
    CHECK(second.response().at("result").at("structuredContent").at("from") == "other");
}

TEST_CASE("an answer counts once") {
    ReverseProxy proxy(kDemoServer);
    McpClient client = proxy.client();
    client.initialize(kSampling);
    Messages call = client.begin_tool("sample");
    const Json id = call.wait_for("sampling/createMessage").at("id");
    CHECK(client.respond(id, {{"take", 1}}).status == 202);
    CHECK(client.respond(id, {{"take", 2}}).status == 202);
    CHECK(call.response().at("result").at("structuredContent") == Json({{"take", 1}}));
    CHECK(proxy.page("/metrics").body.find("shadowcat_client_responses_dropped_total 1\n") !=
          std::string::npos);
}

TEST_CASE("a stream carries nothing of another session") {
    ReverseProxy proxy(kDemoServer);
    McpClient one = proxy.client(), other = proxy.client();
    one.initialize();
    other.initialize();
    Messages news = other.listen();
    REQUIRE(news.head().status == 200);
    Messages own = one.listen();
    REQUIRE(own.head().status == 200);
    one.ask("resources/subscribe", {{"uri", "demo://counter"}});
    one.call_tool("bump");
    own.wait_for("notifications/resources/updated");
    other.call_tool("touch_tools");
    news.wait_for("notifications/tools/list_changed");
    CHECK(news.heard.empty());
}

TEST_CASE("a cancellation reaches nobody else's request of the same id") {
    ReverseProxy proxy(kDemoServer);
    McpClient one = proxy.client(), other = proxy.client();
    one.initialize();
    other.initialize();
    Messages call = one.begin_tool("slow", {{"steps", 4}, {"delay_ms", 50}}, "t");
    call.wait_for("notifications/progress");
    other.notify("notifications/cancelled", {{"requestId", one.last_id()}});
    CHECK(text_of(call.response()) == "done after 4 steps");
}

TEST_CASE("many requests of one session at a time are each answered") {
    ReverseProxy proxy(kDemoServer);
    McpClient client = proxy.client();
    client.initialize();
    std::vector<Messages> calls;
    for (int i = 0; i < 50; ++i)
        calls.push_back(client.begin_tool("echo", {{"message", i}}));
    for (int i = 0; i < 50; ++i)
        CHECK(text_of(calls[static_cast<std::size_t>(i)].response()) == std::to_string(i));
}

TEST_CASE("no more sessions than the configuration allows") {
    auto proxy = ReverseProxy::with_config(
        config_for({kDemoServer}, "", "  session: { max_sessions: 2 }\n"));
    McpClient one = proxy.client(), other = proxy.client(), third = proxy.client();
    one.initialize();
    other.initialize();
    const std::string request = third.next_request(
        "initialize", {{"protocolVersion", "2025-11-25"}, {"capabilities", Json::object()}});
    const HttpResponse refused = HttpClient(proxy.port()).ask(request);
    CHECK(refused.status == 503);
    CHECK_FALSE(refused.header("retry-after").empty());
    CHECK(refused.json().at("id") == 1);
    CHECK(refused.json().at("error").at("data").at("reason") == "session_limit");
    CHECK(one.end().status == 200);
    third.initialize();
    CHECK(text_of(third.call_tool("echo", {{"message", "in"}})) == "in");
}

TEST_CASE("a session that nobody uses ends with its server") {
    auto proxy = ReverseProxy::with_config(
        config_for({kDemoServer}, "", "  session: { timeout_secs: 1 }\n"));
    McpClient client = proxy.client();
    client.initialize();
    CHECK(children_of(proxy.process().pid()).size() == 1);
    CHECK(eventually([&] { return children_of(proxy.process().pid()).empty(); }));
    CHECK(client.begin("tools/list").head().status == 404);
}

TEST_CASE("a session that listens is in use") {
    auto proxy = ReverseProxy::with_config(
        config_for({kDemoServer}, "", "  session: { timeout_secs: 1 }\n"));
    McpClient listener = proxy.client(), idle = proxy.client();
    listener.initialize();
    Messages news = listener.listen();
    REQUIRE(news.head().status == 200);
    idle.initialize();
    CHECK(eventually([&] { return children_of(proxy.process().pid()).size() == 1; }));
    CHECK(idle.begin("tools/list").head().status == 404);
    CHECK(text_of(listener.call_tool("echo", {{"message", "awake"}})) == "awake");
}

TEST_CASE("the server sees nothing of the proxy's environment but what it needs") {
    LaunchOptions options;
    options.environment = {{"A_SECRET", "of the operator"}, {"LANG", "C.UTF-8"}};
    ReverseProxy proxy(kFakeServer + " env", options);
    McpClient client = proxy.client();
    client.initialize();
    const Json seen = Json::parse(text_of(client.call_tool("env")));
    const std::vector<std::string> names = seen.at("names");
    CHECK(std::ranges::find(names, "PATH") != names.end());
    CHECK(std::ranges::find(names, "A_SECRET") == names.end());
}

TEST_CASE("the server may open as many descriptors as if there were no proxy") {
    LaunchOptions options;
    options.max_descriptors = 512;
    const TemporaryFile script("ulimit -Sn >&2; exec \"$0\"\n", ".sh");
    ReverseProxy proxy("/bin/sh -c '. " + script.path() + "' " + kDemoServer, options);
    proxy.client().initialize();
    CHECK(proxy.process().wait_for_log({"upstream-1", "512"}).find("512") != std::string::npos);
}
