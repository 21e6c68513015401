// SPDX-License-Identifier: Apache-2.0
// Shadowcat behind Shadowcat: everything that crosses one proxy crosses two.
#include "harness/process_table.hpp"
#include "harness/proxy_fixture.hpp"

#include <doctest/doctest.h>

using namespace integration;

namespace {

class Chain {
public:
    ReverseProxy inner{kDemoServer};
    ReverseProxy outer{inner.url()};

    bool inner_is_idle() const {
        return inner.page("/metrics").body.find("\nshadowcat_requests_in_flight 0\n") !=
               std::string::npos;
    }
};

}  // namespace

TEST_CASE("calls, progress and big numbers cross two proxies") {
    Chain chain;
    McpClient client = chain.outer.client();
    CHECK(client.initialize().at("serverInfo").at("name") == "shadowcat-demo-server");
    CHECK(text_of(client.call_tool("echo", {{"message", 9007199254740993}})) == "9007199254740993");
    Messages call = client.begin_tool("slow", {{"steps", 3}, {"delay_ms", 1}}, "token");
    CHECK(text_of(call.response()) == "done after 3 steps");
    REQUIRE(call.heard.size() == 3);
    CHECK(call.heard[2].at("params").at("progressToken") == "token");
}

TEST_CASE("a question crosses two proxies, and its answer on the way back") {
    Chain chain;
    McpClient client = chain.outer.client();
    client.initialize({{"sampling", Json::object()}});
    Messages call = client.begin_tool("sample");
    const Json answer = {{"model", "none"}, {"role", "assistant"}};
    CHECK(client.respond(call.wait_for("sampling/createMessage").at("id"), answer).status == 202);
    CHECK(call.response().at("result").at("structuredContent") == answer);
}

TEST_CASE("news crosses two proxies") {
    Chain chain;
    McpClient client = chain.outer.client();
    client.initialize();
    Messages news = client.listen();
    REQUIRE(news.head().status == 200);
    client.call_tool("touch_tools");
    CHECK(news.wait_for("notifications/tools/list_changed").contains("jsonrpc"));
}

TEST_CASE("a cancellation crosses two proxies") {
    Chain chain;
    McpClient client = chain.outer.client();
    client.initialize();
    Messages call = client.begin_tool("slow", {{"steps", 1000}, {"delay_ms", 50}}, "t");
    const Json id = client.last_id();
    call.wait_for("notifications/progress");
    CHECK(client.notify("notifications/cancelled", {{"requestId", id}}).status == 202);
    CHECK(eventually([&] { return chain.inner_is_idle(); }));
    CHECK(text_of(client.call_tool("echo", {{"message", "on"}})) == "on");
}

TEST_CASE("the end of a session crosses two proxies") {
    Chain chain;
    McpClient client = chain.outer.client();
    client.initialize();
    client.call_tool("echo", {{"message", "x"}});
    CHECK(children_of(chain.inner.process().pid()).size() == 1);
    CHECK(client.end().status == 200);
    CHECK(eventually([&] { return children_of(chain.inner.process().pid()).empty(); }));
}
