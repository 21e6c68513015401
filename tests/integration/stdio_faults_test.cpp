// SPDX-License-Identifier: Apache-2.0
// Commands that are no good servers: what their clients read, and that the next request is served.
#include "harness/process_table.hpp"
#include "harness/proxy_fixture.hpp"

#include <doctest/doctest.h>

using namespace integration;

namespace {

const std::string kOneSecond = "  limits: { request_timeout_secs: 1 }\n";

/// A proxy for fake-server in one of its modes.
class FaultyStdio {
public:
    explicit FaultyStdio(std::vector<std::string> mode, const std::string& proxy_keys = "")
        : proxy(ReverseProxy::with_config(config_for(
              command(std::move(mode)), "      shutdown_grace_secs: 1\n", proxy_keys))) {}

    ReverseProxy proxy;
    McpClient client = proxy.client();

    Messages initialize() {
        return client.begin("initialize", {{"protocolVersion", "2025-11-25"},
                                           {"capabilities", Json::object()},
                                           {"clientInfo", {{"name", "x"}, {"version", "1"}}}});
    }

    std::vector<ProcessEntry> children() { return children_of(proxy.process().pid()); }

private:
    static std::vector<std::string> command(std::vector<std::string> mode) {
        mode.insert(mode.begin(), kFakeServer);
        return mode;
    }
};

/// The answer to the last request of `client` is the proxy's own error that says all of `words`.
void check_stdio_failed(McpClient& client, Messages answer, int status, const std::string& reason,
                        const std::vector<std::string>& words) {
    const Json response = answer.response();
    CHECK(answer.head().status == status);
    CHECK(response.at("id") == client.last_id());
    const Json error = response.at("error");
    CHECK(error.at("code") == -32603);
    CHECK(error.at("data") ==
          Json({{"gateway", "shadowcat"}, {"reason", reason}, {"source", "upstream"}}));
    for (const std::string& word : words)
        CHECK_MESSAGE(error.at("message").get<std::string>().find(word) != std::string::npos,
                      error.at("message"), " lacks ", word);
}

void check_no_child_left(ReverseProxy& proxy) {
    CHECK(eventually([&] { return children_of(proxy.process().pid()).empty(); }));
    CHECK(proxy.page("/health").status == 200);
}

}  // namespace

TEST_CASE("a command that is not there: 502 that names it, and the proxy stays up") {
    ReverseProxy proxy("/no/such/server --at-all");
    McpClient client = proxy.client();
    for (int i = 0; i < 2; ++i) {
        Messages answer = client.begin(
            "initialize", {{"protocolVersion", "2025-11-25"}, {"capabilities", Json::object()}});
        CHECK(answer.head().header("mcp-session-id").empty());
        check_stdio_failed(client, std::move(answer), 502, "unreachable",
                           {"upstream-1", "/no/such/server"});
    }
    CHECK(proxy.process().logged({"upstream-1", "/no/such/server"}));
    const std::string log = proxy.process().log();
    CHECK(log.find("upstream 'upstream-1': upstream 'upstream-1'") == std::string::npos);
    check_no_child_left(proxy);
}

TEST_CASE("a command that may not be executed: 502 that says why") {
    const TemporaryFile file("not a program", ".txt");
    ReverseProxy proxy(file.path());
    McpClient client = proxy.client();
    check_stdio_failed(client,
                       client.begin("initialize", {{"protocolVersion", "2025-11-25"},
                                                   {"capabilities", Json::object()}}),
                       502, "unreachable", {"upstream-1", file.path(), "not executable"});
    check_no_child_left(proxy);
}

TEST_CASE("a command that exits at once: 502 with its exit code") {
    FaultyStdio faulty({"exit-at-once", "3"});
    for (int i = 0; i < 2; ++i) {
        check_stdio_failed(faulty.client, faulty.initialize(), 502, "crashed",
                           {"primary", "code 3"});
    }
    CHECK(faulty.proxy.process().logged({"primary", "code 3"}));
    check_no_child_left(faulty.proxy);
}

TEST_CASE("a command that never answers: 504 to initialize, and its process goes") {
    FaultyStdio faulty({"never-answers"}, kOneSecond);
    check_stdio_failed(faulty.client, faulty.initialize(), 504, "timed_out", {"initialize", "1 s"});
    CHECK(faulty.proxy.process().logged({"request failed", "primary", "timed_out"}));
    check_no_child_left(faulty.proxy);
}

TEST_CASE("a call that is never answered: 504, and the session goes on") {
    FaultyStdio faulty({"never-answers", "tools/call"}, kOneSecond);
    faulty.client.initialize();
    check_stdio_failed(faulty.client, faulty.client.begin_tool("fake"), 504, "timed_out",
                       {"tools/call", "1 s"});
    CHECK(faulty.client.ask("tools/list").contains("result"));
    CHECK(faulty.children().size() == 1);
}

TEST_CASE("garbage on stdout is logged, counted and skipped") {
    FaultyStdio faulty({"garbage"});
    faulty.client.initialize();
    for (int i = 0; i < 3; ++i) {
        Messages call = faulty.client.begin_tool("fake");
        CHECK(text_of(call.response()) == "fake");
        CHECK(call.heard.empty());
    }
    CHECK(faulty.proxy.process().logged({"primary", "starting up, please wait"}));
    CHECK(faulty.proxy.page("/metrics").body.find("noise") != std::string::npos);
    CHECK(faulty.client.end().status == 200);
    check_no_child_left(faulty.proxy);
}

TEST_CASE("a command that closes stdout at once: 502") {
    FaultyStdio faulty({"close-stdout"});
    check_stdio_failed(faulty.client, faulty.initialize(), 502, "crashed", {"primary", "stdout"});
    check_no_child_left(faulty.proxy);
}

TEST_CASE("a server that closes stdout in mid-call: 502, then a fresh process") {
    FaultyStdio faulty({"close-stdout", "tools/call"});
    faulty.client.initialize();
    const pid_t first = faulty.children().at(0).pid;
    check_stdio_failed(faulty.client, faulty.client.begin_tool("fake"), 502, "crashed", {"stdout"});
    CHECK(faulty.client.ask("tools/list").contains("result"));
    CHECK(eventually([&] { return !is_running(first); }));
    CHECK(faulty.children().size() == 1);
    CHECK(faulty.proxy.process().logged({"upstream lost", "primary"}));
}

TEST_CASE("a server that dies in mid-call: 502, the log names it, then a fresh process") {
    FaultyStdio faulty({"die-mid-call"});
    faulty.client.initialize();
    for (int i = 0; i < 3; ++i) {
        const pid_t before = faulty.children().at(0).pid;
        check_stdio_failed(faulty.client, faulty.client.begin_tool("fake"), 502, "crashed",
                           {"code 7"});
        CHECK(faulty.client.ask("tools/list").contains("result"));
        REQUIRE(faulty.children().size() == 1);
        CHECK(faulty.children().at(0).pid != before);
    }
    CHECK(faulty.proxy.process().logged({"upstream lost", "primary", "code 7"}));
    CHECK(faulty.proxy.process().logged({"request failed", "primary", "tools/call"}));
}

TEST_CASE("every call under way fails when the server dies") {
    FaultyStdio faulty({"die-mid-call"});
    faulty.client.initialize();
    std::vector<Messages> calls;
    for (int i = 0; i < 10; ++i)
        calls.push_back(faulty.client.begin("tools/call", {{"name", "fake"}}));
    for (Messages& call : calls)
        CHECK(call.response().at("error").at("data").at("source") == "upstream");
    CHECK(faulty.client.ask("tools/list").contains("result"));
}

TEST_CASE("a second answer to one call reaches nobody") {
    FaultyStdio faulty({"dup-answer"});
    faulty.client.initialize();
    for (int i = 0; i < 5; ++i) {
        Messages call = faulty.client.begin_tool("fake");
        CHECK(text_of(call.response()) == "fake");
        CHECK(call.heard.empty());
    }
    CHECK(faulty.client.ask("tools/list").at("result").contains("tools"));
}

TEST_CASE("an answer to an id that nobody used reaches nobody") {
    FaultyStdio faulty({"foreign-id"});
    faulty.client.initialize();
    for (int i = 0; i < 5; ++i)
        CHECK(text_of(faulty.client.call_tool("fake")) == "fake");
}

TEST_CASE("JSON that is no JSON-RPC reaches nobody, and answers nothing") {
    FaultyStdio faulty({"wrong-rpc"});
    faulty.client.initialize();
    for (int i = 0; i < 5; ++i) {
        Messages call = faulty.client.begin_tool("fake");
        CHECK(text_of(call.response()) == "fake");
        CHECK(call.heard.empty());
    }
    CHECK(faulty.client.ask("tools/list").at("result").contains("tools"));
}

TEST_CASE("answers out of order reach those who asked") {
    FaultyStdio faulty({"reorder"});
    faulty.client.initialize();
    Messages first = faulty.client.begin_tool("fake");
    // The order of arrival at the server matters, so the first has to be there.
    REQUIRE(eventually([&] {
        return faulty.proxy.page("/metrics").body.find("shadowcat_requests_in_flight 1\n") !=
               std::string::npos;
    }));
    Messages second = faulty.client.begin_tool("fake");
    CHECK(text_of(second.response()) == "asked second");
    CHECK(text_of(first.response()) == "asked first");
}

TEST_CASE("a server that refuses initialize is heard, and no session stays") {
    FaultyStdio faulty({"refuse-initialize"});
    Messages answer = faulty.initialize();
    const Json response = answer.response();
    CHECK(answer.head().status == 200);
    CHECK(answer.head().header("mcp-session-id").empty());
    CHECK(response.at("error") == Json({{"code", -32603}, {"message", "I refuse"}}));
    check_no_child_left(faulty.proxy);
}

TEST_CASE("noise on stderr goes to the log and holds nothing up") {
    FaultyStdio faulty({"noisy-stderr", "200000"});
    faulty.client.initialize();
    for (int i = 0; i < 3; ++i)
        CHECK(text_of(faulty.client.call_tool("fake")) == "fake");
    CHECK(faulty.proxy.process().logged({"primary", "eeeeeeee"}));
}

TEST_CASE("notifications that nobody asked for do not disturb the answers") {
    FaultyStdio faulty({"chatty", "5"});
    faulty.client.initialize();
    Messages news = faulty.client.listen();
    REQUIRE(news.head().status == 200);
    CHECK(text_of(faulty.client.call_tool("fake")) == "fake");
    news.wait_for("notifications/tools/list_changed");
    for (const Json& note : news.heard)
        CHECK(note.at("method") != "notifications/progress");
}

TEST_CASE("an answer beyond the limit is an error, and the next one is fine") {
    FaultyStdio faulty({"big", "2000000"},
                       "  limits: { max_body_bytes: 1048576, request_timeout_secs: 1 }\n");
    faulty.client.initialize();
    Messages call = faulty.client.begin_tool("fake");
    const Json response = call.response();
    CHECK(call.head().status / 100 == 5);
    CHECK(response.at("id") == faulty.client.last_id());
    CHECK(response.at("error").at("data").at("source") == "upstream");
    CHECK(faulty.client.ask("tools/list").contains("result"));
    CHECK(faulty.proxy.process().logged({"primary", "1048576"}));
}

TEST_CASE("a server that takes its time to start is waited for") {
    FaultyStdio faulty({"slow-start", "300"});
    faulty.client.initialize();
    CHECK(text_of(faulty.client.call_tool("fake")) == "fake");
}
