// SPDX-License-Identifier: Apache-2.0
// Clients of the deprecated HTTP+SSE transport (2024-11-05) and a stdio server.
#include "harness/process_table.hpp"
#include "harness/proxy_fixture.hpp"

#include <doctest/doctest.h>

#include <optional>

using namespace integration;

namespace {

const std::string kSse = "  sse: { enabled: true }\n";

/// One client: a stream, and a connection that posts.
class SseClient {
public:
    explicit SseClient(std::uint16_t port) : stream_(port), poster_(port) {
        stream_.send(http_request("GET", "/sse", {{"Accept", "text/event-stream"}}));
        REQUIRE(stream_.read_head().status == 200);
        const std::optional<Event> first = stream_.next_event();
        REQUIRE(first.has_value());
        REQUIRE(first->type == "endpoint");
        path_ = first->data;
    }

    int post(const Json& message) {
        return poster_
            .ask(
                http_request("POST", path_, {{"Content-Type", "application/json"}}, message.dump()))
            .status;
    }

    Json next() {
        const std::optional<Event> event = stream_.next_event();
        REQUIRE(event.has_value());
        CHECK(event->type == "message");
        CHECK(event->id.empty());
        return Json::parse(event->data);
    }

    Json ask(int id, const std::string& method, const Json& params) {
        REQUIRE(post({{"jsonrpc", "2.0"}, {"id", id}, {"method", method}, {"params", params}}) ==
                202);
        return next();
    }

    Json initialize(const Json& capabilities = Json::object()) {
        const Json params = {{"protocolVersion", "2024-11-05"},
                             {"capabilities", capabilities},
                             {"clientInfo", {{"name", "old"}, {"version", "1"}}}};
        const Json answer = ask(0, "initialize", params);
        CHECK(post({{"jsonrpc", "2.0"}, {"method", "notifications/initialized"}}) == 202);
        return answer.at("result");
    }

    void leave() { stream_.close(); }

private:
    HttpClient stream_, poster_;
    std::string path_;
};

Json call_of(const std::string& tool, const Json& arguments, const Json& token = nullptr) {
    Json params = {{"name", tool}, {"arguments", arguments}};
    if (!token.is_null()) params["_meta"] = {{"progressToken", token}};
    return params;
}

}  // namespace

TEST_CASE("a client of 2024-11-05 initialises and calls over its stream") {
    ReverseProxy proxy = ReverseProxy::with_config(config_for({kDemoServer}, "", kSse));
    SseClient client(proxy.port());
    CHECK(client.initialize().at("protocolVersion") == "2024-11-05");
    const Json answer = client.ask(1, "tools/call", call_of("echo", {{"message", "hello"}}));
    CHECK(answer.at("id") == 1);
    CHECK(answer.at("result").at("content").at(0).at("text") == "hello");
}

TEST_CASE("its progress comes before the answer, under its own token") {
    ReverseProxy proxy = ReverseProxy::with_config(config_for({kDemoServer}, "", kSse));
    SseClient client(proxy.port());
    client.initialize();
    Json message =
        client.ask(1, "tools/call", call_of("slow", {{"steps", 2}, {"delay_ms", 1}}, "mine"));
    for (int step = 1; step <= 2; ++step) {
        CHECK(message.at("params").at("progressToken") == "mine");
        CHECK(message.at("params").at("progress") == step);
        message = client.next();
    }
    CHECK(message.at("id") == 1);
}

TEST_CASE("clients of both transports are served beside each other, each by its own process") {
    ReverseProxy proxy = ReverseProxy::with_config(config_for({kDemoServer}, "", kSse));
    SseClient old(proxy.port());
    McpClient newer = proxy.client();
    old.initialize();
    newer.initialize();
    const Json answer = old.ask(1, "tools/call", call_of("echo", {{"message", "old"}}));
    CHECK(answer.at("result").at("content").at(0).at("text") == "old");
    CHECK(text_of(newer.call_tool("echo", {{"message", "newer"}})) == "newer");
}

TEST_CASE("a client that leaves its stream takes its server process with it") {
    ReverseProxy proxy = ReverseProxy::with_config(config_for({kDemoServer}, "", kSse));
    SseClient client(proxy.port());
    client.initialize();
    const pid_t self = proxy.process().pid();
    REQUIRE(eventually([&] { return children_of(self).size() == 1; }));
    REQUIRE(client.post({{"jsonrpc", "2.0"},
                         {"id", 1},
                         {"method", "tools/call"},
                         {"params", call_of("slow", {{"steps", 1000}, {"delay_ms", 50}})}}) == 202);
    client.leave();
    CHECK(eventually([&] { return children_of(self).empty(); }));
}

TEST_CASE("two endpoints with one path are a mistake that check tells") {
    const std::string clash = "  sse: { enabled: true, path: /mcp, message_path: messages }\n";
    const TemporaryFile file(config_for({kDemoServer}, "", clash));
    const Finished finished({kShadowcat, "check", "--config", file.path()});
    CHECK(finished.exit == "exit 2");
    CHECK(finished.errors.find("reverse_proxy.sse.path: ") != std::string::npos);
    CHECK(finished.errors.find("reverse_proxy.sse.message_path: ") != std::string::npos);
}
