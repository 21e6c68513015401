// SPDX-License-Identifier: Apache-2.0
// forward with HTTP on one side or on both.
#include "harness/process_table.hpp"
#include "harness/proxy_fixture.hpp"
#include "harness/stdio_client.hpp"

#include <doctest/doctest.h>

using namespace integration;

namespace {

/// `shadowcat forward --listen 127.0.0.1:0 …`.
class ForwardListener {
public:
    explicit ForwardListener(const std::vector<std::string>& server)
        : process(command(server)), port(listening_port(process)) {}

    Process process;
    std::uint16_t port;

private:
    static std::vector<std::string> command(const std::vector<std::string>& server) {
        std::vector<std::string> all = {kShadowcat, "forward", "--listen", "127.0.0.1:0"};
        all.insert(all.end(), server.begin(), server.end());
        return all;
    }
};

void check_conversation(McpClient& client) {
    CHECK(client.initialize({{"sampling", Json::object()}}).contains("serverInfo"));
    CHECK(text_of(client.call_tool("echo", {{"message", 9007199254740993}})) == "9007199254740993");
    Messages slow = client.begin_tool("slow", {{"steps", 3}, {"delay_ms", 1}}, "token");
    CHECK(text_of(slow.response()) == "done after 3 steps");
    CHECK(slow.heard.size() == 3);
    Messages sample = client.begin_tool("sample");
    const Json id = sample.wait_for("sampling/createMessage").at("id");
    const Json answer = {{"told", "the server"}};
    CHECK(client.respond(id, answer).status == 202);
    CHECK(sample.response().at("result").at("structuredContent") == answer);
    CHECK(client.end().status == 200);
}

}  // namespace

TEST_CASE("a stdio client and a server behind a URL") {
    ReverseProxy server(kDemoServer);
    StdioClient client({kShadowcat, "forward", "--upstream", server.url()});
    CHECK(client.initialize({{"sampling", Json::object()}}).at("serverInfo").at("name") ==
          "shadowcat-demo-server");
    client.call_tool(1, "echo", {{"message", 9007199254740993}});
    CHECK(text_of(client.answer_to(1)) == "9007199254740993");
    client.call_tool(2, "slow", {{"steps", 3}, {"delay_ms", 1}}, "token");
    CHECK(text_of(client.answer_to(2)) == "done after 3 steps");
    CHECK(client.heard.size() == 3);
    client.call_tool(3, "sample");
    const Json question = client.wait_for("sampling/createMessage");
    const Json answer = {{"told", "the server"}};
    client.say({{"jsonrpc", "2.0"}, {"id", question.at("id")}, {"result", answer}});
    CHECK(client.answer_to(3).at("result").at("structuredContent") == answer);
    client.call_tool(4, "touch_tools");
    client.answer_to(4);
    const auto changed = [](const Json& message) {
        return message.value("method", "") == "notifications/tools/list_changed";
    };
    if (std::ranges::none_of(client.heard, changed)) {
        client.wait_for("notifications/tools/list_changed");
    }
    CHECK(client.finish() == "exit 0");
    CHECK(eventually([&] { return children_of(server.process().pid()).empty(); }));
}

TEST_CASE("a stdio client's goodbye ends the server's session") {
    FakeHttpServer server({"session"});
    StdioClient client({kShadowcat, "forward", "--upstream", server.url()});
    client.initialize();
    client.call_tool(1, "fake");
    CHECK(text_of(client.answer_to(1)) == "fake");
    CHECK(client.finish() == "exit 0");
    CHECK_FALSE(server.process().wait_for_log({"deleted session=fake-session-1"}).empty());
}

TEST_CASE("a stdio client of a server that refuses connections reads an error") {
    std::string url;
    {
        FakeHttpServer gone({"json"});
        url = gone.url();
    }
    StdioClient client({kShadowcat, "forward", "--upstream", url});
    client.request(1, "initialize", {{"protocolVersion", "2025-11-25"}});
    const Json response = client.answer_to(1);
    CHECK(response.at("error").at("code") == -32603);
    CHECK(response.at("error").at("data").at("source") == "upstream");
    client.process().close_stdin();
    CHECK(client.process().logged({"upstream-1"}));
}

TEST_CASE("an HTTP client and a command") {
    ForwardListener proxy({"--", kDemoServer});
    McpClient client(proxy.port);
    check_conversation(client);
    CHECK(eventually([&] { return children_of(proxy.process.pid()).empty(); }));
}

TEST_CASE("an HTTP client and a server behind a URL") {
    ReverseProxy server(kDemoServer);
    ForwardListener proxy({"--upstream", server.url()});
    McpClient client(proxy.port);
    check_conversation(client);
    CHECK(eventually([&] { return children_of(server.process().pid()).empty(); }));
}

TEST_CASE("a port in use: exit code 1") {
    ReverseProxy first(kDemoServer);
    const std::string address = "127.0.0.1:" + std::to_string(first.port());
    const Finished second({kShadowcat, "forward", "--listen", address, "--", kDemoServer});
    CHECK(second.exit == "exit 1");
    CHECK(second.errors.find("in use") != std::string::npos);
}
