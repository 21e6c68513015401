// SPDX-License-Identifier: Apache-2.0
// isolation: shared: many sessions on one server process, each with its own answers.
#include "harness/process_table.hpp"
#include "harness/proxy_fixture.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <memory>
#include <set>

using namespace integration;

namespace {

class SharedProxy {
public:
    ReverseProxy proxy =
        ReverseProxy::with_config(config_for({kDemoServer}, "      isolation: shared\n"));

    std::unique_ptr<McpClient> client() {
        auto client = std::make_unique<McpClient>(proxy.port());
        client->initialize();
        return client;
    }
};

int shared_pid_of(McpClient& client) {
    return client.call_tool("whoami").at("result").at("structuredContent").at("pid");
}

}  // namespace

TEST_CASE("all sessions share one server") {
    SharedProxy shared;
    std::set<int> pids;
    std::set<std::string> sessions;
    for (int i = 0; i < 8; ++i) {
        const auto client = shared.client();
        pids.insert(shared_pid_of(*client));
        sessions.insert(client->session());
    }
    CHECK(pids.size() == 1);
    CHECK(sessions.size() == 8);
    CHECK(children_of(shared.proxy.process().pid()).size() == 1);
}

TEST_CASE("everybody is told who the server is, in their own revision") {
    SharedProxy shared;
    for (const char* version : {"2025-03-26", "2025-06-18", "2025-11-25"}) {
        McpClient client = shared.proxy.client();
        const Json result = client.initialize(Json::object(), version);
        CHECK(result.at("protocolVersion") == version);
        CHECK(result.at("serverInfo").at("name") == "shadowcat-demo-server");
    }
}

TEST_CASE("the same ids and tokens at the same time get each session its own answer when shared") {
    SharedProxy shared;
    std::vector<std::unique_ptr<McpClient>> clients;
    std::vector<Messages> calls;
    for (int i = 1; i <= 10; ++i) {
        clients.push_back(shared.client());
        calls.push_back(
            clients.back()->begin_tool("slow", {{"steps", i}, {"delay_ms", 5}}, "same token"));
    }
    for (int i = 1; i <= 10; ++i) {
        Messages& call = calls[static_cast<std::size_t>(i - 1)];
        CHECK(text_of(call.response()) == "done after " + std::to_string(i) + " steps");
        CHECK(call.heard.size() == static_cast<std::size_t>(i));
        for (const Json& note : call.heard) {
            CHECK(note.at("params").at("progressToken") == "same token");
            CHECK(note.at("params").at("total") == i);
        }
    }
}

TEST_CASE("updates go to those who subscribed, changes of lists to everybody") {
    SharedProxy shared;
    const auto subscriber = shared.client(), other = shared.client();
    Messages his = subscriber->listen(), hers = other->listen();
    REQUIRE(his.head().status == 200);
    REQUIRE(hers.head().status == 200);
    CHECK(subscriber->ask("resources/subscribe", {{"uri", "demo://counter"}}).contains("result"));
    other->call_tool("bump");
    his.wait_for("notifications/resources/updated");
    other->call_tool("touch_tools");
    his.wait_for("notifications/tools/list_changed");
    hers.wait_for("notifications/tools/list_changed");
    CHECK(hers.heard.empty());
}

TEST_CASE("one subscriber's goodbye does not unsubscribe the other") {
    SharedProxy shared;
    const auto one = shared.client(), other = shared.client();
    const Json counter = {{"uri", "demo://counter"}};
    one->ask("resources/subscribe", counter);
    other->ask("resources/subscribe", counter);
    CHECK(one->ask("resources/unsubscribe", counter).contains("result"));
    Messages news = other->listen();
    REQUIRE(news.head().status == 200);
    one->call_tool("bump");
    CHECK(news.wait_for("notifications/resources/updated").at("params") == counter);
}

TEST_CASE("a shared server may not ask its clients") {
    SharedProxy shared;
    McpClient client = shared.proxy.client();
    client.initialize({{"sampling", Json::object()}});
    Messages call = client.begin_tool("sample");
    const Json response = call.response();
    CHECK(call.heard.empty());
    CHECK(response.at("result").at("isError") == true);
}

TEST_CASE("the end of one session leaves the others their server") {
    SharedProxy shared;
    const auto one = shared.client(), other = shared.client();
    const int pid = shared_pid_of(*one);
    CHECK(one->end().status == 200);
    CHECK(shared_pid_of(*other) == pid);
    CHECK(one->begin("tools/list").head().status == 404);
}

TEST_CASE("a shared server that dies is replaced for the next request, of any session") {
    SharedProxy shared;
    const auto one = shared.client(), other = shared.client();
    const int pid = shared_pid_of(*one);
    Messages caught = one->begin_tool("slow", {{"steps", 1000}, {"delay_ms", 50}}, "t");
    caught.wait_for("notifications/progress");
    ::kill(pid, SIGKILL);
    const Json response = caught.response();
    CHECK(response.at("error").at("code") == -32603);
    const int fresh = shared_pid_of(*other);
    CHECK(fresh != pid);
    CHECK(shared_pid_of(*one) == fresh);
    CHECK(shared.proxy.process().logged({"upstream lost", "primary"}));
}
