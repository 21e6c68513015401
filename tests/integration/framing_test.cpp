// SPDX-License-Identifier: Apache-2.0
// However a request is laid out in bytes, the server gets its one line and the client its answer.
#include "harness/proxy_fixture.hpp"

#include <doctest/doctest.h>

#include <cstdio>

using namespace integration;

namespace {

std::string echo_request(int id, const Json& text) {
    const Json request = {{"jsonrpc", "2.0"},
                          {"id", id},
                          {"method", "tools/call"},
                          {"params", {{"name", "echo"}, {"arguments", {{"message", text}}}}}};
    return request.dump();
}

std::string chunked(const std::string& body, std::size_t size) {
    std::string text;
    for (std::size_t at = 0; at < body.size(); at += size) {
        const std::string piece = body.substr(at, size);
        char head[32];
        std::snprintf(head, sizeof head, "%zx\r\n", piece.size());
        text += head + piece + "\r\n";
    }
    return text + "0\r\n\r\n";
}

Headers with(Headers headers, std::string name, std::string value) {
    headers.emplace_back(std::move(name), std::move(value));
    return headers;
}

}  // namespace

TEST_CASE("a pretty-printed body reaches a line server as one line") {
    ReverseProxy proxy(kDemoServer);
    McpClient client = proxy.client();
    client.initialize();
    const std::string body = Json::parse(echo_request(5, "two\nlines \t and \r\n more")).dump(4);
    const HttpResponse answer = client.post("\r\n" + body + "\r\n\r\n");
    CHECK(answer.status == 200);
    CHECK(text_of(answer.json()) == "two\nlines \t and \r\n more");
}

TEST_CASE("two MiB go through and come back") {
    ReverseProxy proxy(kDemoServer);
    McpClient client = proxy.client();
    client.initialize();
    std::string text;
    for (int i = 0; text.size() < 2 * 1024 * 1024; ++i)
        text += std::to_string(i) + "\u20ac";
    const bool same = text_of(client.call_tool("echo", {{"message", text}})) == text;
    CHECK(same);
}

TEST_CASE("pipelined requests are answered in their order") {
    ReverseProxy proxy(kDemoServer);
    McpClient client = proxy.client();
    client.initialize();
    HttpClient connection(proxy.port());
    std::string all;
    for (int id = 1; id <= 20; ++id)
        all += mcp_post(echo_request(id, id), client.headers());
    connection.send(all);
    for (int id = 1; id <= 20; ++id) {
        const HttpResponse answer = connection.read();
        CHECK(answer.status == 200);
        CHECK(answer.json().at("id") == id);
        CHECK(text_of(answer.json()) == std::to_string(id));
    }
}

TEST_CASE("a chunked body is a body") {
    ReverseProxy proxy(kDemoServer);
    McpClient client = proxy.client();
    client.initialize();
    for (std::size_t size : {1u, 7u, 4096u}) {
        const std::string body = chunked(echo_request(1, "in pieces"), size);
        const HttpResponse answer =
            HttpClient(proxy.port())
                .ask(mcp_post(body, with(client.headers(), "Transfer-Encoding", "chunked")));
        CHECK(answer.status == 200);
        CHECK(text_of(answer.json()) == "in pieces");
    }
}

TEST_CASE("a request that trickles in byte by byte is a request") {
    ReverseProxy proxy(kDemoServer);
    McpClient client = proxy.client();
    client.initialize();
    HttpClient connection(proxy.port());
    for (const char byte : mcp_post(echo_request(1, "slowly"), client.headers()))
        connection.send(std::string_view(&byte, 1));
    CHECK(text_of(connection.read().json()) == "slowly");
}

TEST_CASE("a connection is kept, and ends when the client asks for that") {
    ReverseProxy proxy(kDemoServer);
    McpClient client = proxy.client();
    client.initialize();
    HttpClient connection(proxy.port());
    for (int id = 1; id <= 3; ++id)
        CHECK(connection.ask(mcp_post(echo_request(id, "x"), client.headers())).status == 200);
    const Headers last = with(client.headers(), "Connection", "close");
    CHECK(connection.ask(mcp_post(echo_request(4, "x"), last)).header("connection") == "close");
    CHECK(connection.at_end());
}

TEST_CASE("notifications and answers to nobody are taken with 202 and no body") {
    ReverseProxy proxy(kDemoServer);
    McpClient client = proxy.client();
    client.initialize();
    const HttpResponse notified = client.notify("notifications/roots/list_changed");
    CHECK(notified.status == 202);
    CHECK(notified.body.empty());
    CHECK(client.respond("never asked", Json::object()).status == 202);
    CHECK(text_of(client.call_tool("echo", {{"message", "fine"}})) == "fine");
}
