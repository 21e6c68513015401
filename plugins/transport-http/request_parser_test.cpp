// SPDX-License-Identifier: Apache-2.0
// What the request parser takes, in any pieces, and what it refuses.
#include "request_parser.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::http;

namespace {

/// Feeds `text` in pieces of `step` bytes, as a connection would.
class Parse {
public:
    explicit Parse(std::string_view text, std::size_t step = 1000000, std::uint32_t limit = 16384,
                   std::uint64_t body_limit = 1000)
        : parser(head, body, limit) {
        std::string pending;
        while (!text.empty() && !settled()) {
            pending.append(text.substr(0, step));
            text.remove_prefix(std::min(step, text.size()));
            const bool in_head = parser.state() == ParseState::head;
            consume(pending);
            if (in_head && parser.state() == ParseState::body) {
                parser.limit_body(body_limit);
                consume(pending);
            }
        }
        rest = pending + std::string(text);
    }

    bool settled() const {
        return parser.state() != ParseState::head && parser.state() != ParseState::body;
    }
    void consume(std::string& pending) {
        if (!pending.empty() && !settled()) pending.erase(0, parser.feed(pending));
    }

    RequestHead head;
    std::string body;
    RequestParser parser;
    std::string rest;
};

constexpr std::string_view kPost =
    "POST /mcp?x=1 HTTP/1.1\r\nHost: localhost:80\r\nContent-Type: application/json\r\n"
    "Accept: application/json\r\naccept: text/event-stream\r\nMCP-SESSION-ID:  abc \r\n"
    "mcp-protocol-version: 2025-06-18\r\nOrigin: http://localhost\r\nContent-Length: "
    "5\r\n\r\nhello";

ParseState state_of(std::string_view text) { return Parse(text).parser.state(); }

}  // namespace

TEST_CASE("a request is read the same whole, byte by byte and in odd pieces") {
    for (std::size_t step : {1u, 2u, 7u, 64u, 10000u}) {
        CAPTURE(step);
        const Parse request(kPost, step);
        CHECK(request.parser.state() == ParseState::complete);
        CHECK(request.head.method == Method::post);
        CHECK(request.head.path() == "/mcp");
        CHECK(request.head.host.value() == "localhost:80");
        CHECK(request.head.accept == "application/json,text/event-stream");
        CHECK(request.head.content_type.value() == "application/json");
        CHECK(request.head.session_id.value() == "abc");
        CHECK(request.head.protocol_version.value() == "2025-06-18");
        CHECK(request.head.origin.value() == "http://localhost");
        CHECK(request.head.keep_alive);
        CHECK(request.body == "hello");
        CHECK(request.rest.empty());
    }
}

TEST_CASE("headers that mirror the body are taken without white space, names in any case") {
    const Parse request(
        "POST / HTTP/1.1\r\nHost: a\r\nMCP-METHOD: \t tools/call \t\r\nmcp-name:x y\r\n"
        "Mcp-Param-Region:  eu \r\nmcp-param-: \r\nMcp-Parameter: no\r\nMcp-Nam: no\r\n"
        "MCP-PARAM-region: us\r\n\r\n");
    CHECK(request.parser.state() == ParseState::complete);
    CHECK(request.head.mcp_method.value() == "tools/call");
    CHECK(request.head.mcp_name.value() == "x y");
    CHECK_FALSE(request.head.mcp_name.repeated());
    using Headers = std::vector<sdk::MirroredHeader>;
    const Headers expected = {{"Region", "eu"}, {"", ""}, {"region", "us"}};
    CHECK(request.head.mirrored == expected);
    CHECK(Parse("POST / HTTP/1.1\r\nHost: a\r\nMcp-Name: x\r\nmcp-name: x\r\n\r\n")
              .head.mcp_name.repeated());
}

TEST_CASE("the number of Mcp-Param headers is bounded") {
    std::string text = "POST / HTTP/1.1\r\nHost: a\r\n";
    for (std::size_t i = 0; i < kMostMirrored; ++i)
        text += "Mcp-Param-A: b\r\n";
    CHECK_FALSE(Parse(text + "\r\n").head.too_many_mirrored);
    const Parse more(text + "Mcp-Param-A: b\r\n\r\n");
    CHECK(more.head.too_many_mirrored);
    CHECK(more.head.mirrored.size() == kMostMirrored);
}

TEST_CASE("what follows a request is left for the next") {
    const Parse request(std::string(kPost) + "GET / HTTP/1.1\r\n");
    CHECK(request.parser.state() == ParseState::complete);
    CHECK(request.rest == "GET / HTTP/1.1\r\n");
}

TEST_CASE("chunked bodies are joined, extensions and trailers ignored") {
    const std::string text =
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        "5;x=y\r\nhello\r\n1\r\n \r\nA\r\n0123456789\r\n0\r\nMcp-Session-Id: trailer\r\n\r\nNEXT";
    for (std::size_t step : {1u, 3u, 1000u}) {
        CAPTURE(step);
        const Parse request(text, step);
        CHECK(request.parser.state() == ParseState::complete);
        CHECK(request.body == "hello 0123456789");
        CHECK_FALSE(request.head.session_id.present());
        CHECK(request.rest == "NEXT");
    }
}

TEST_CASE("targets in absolute form name path and host") {
    const Parse request("GET http://other:81/mcp?q HTTP/1.1\r\nHost: ignored\r\n\r\n");
    CHECK(request.head.path() == "/mcp");
    CHECK(request.head.host.value() == "other:81");
    CHECK(Parse("GET http://other HTTP/1.1\r\nHost: x\r\n\r\n").head.path() == "/");
    CHECK(Parse("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n").head.path() == "*");
}

TEST_CASE("keep-alive follows version and Connection") {
    CHECK(Parse("GET / HTTP/1.1\r\nHost: a\r\n\r\n").head.keep_alive);
    CHECK_FALSE(Parse("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").head.keep_alive);
    CHECK_FALSE(Parse("GET / HTTP/1.0\r\n\r\n").head.keep_alive);
    CHECK(Parse("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").head.keep_alive);
}

TEST_CASE("syntax that other parties could read differently is refused") {
    const std::string post = "POST / HTTP/1.1\r\nHost: a\r\n";
    for (const std::string& text : {
             post + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
             post + "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n",
             post + "Transfer-Encoding: gzip, chunked\r\n\r\n",
             post + "Transfer-Encoding: gzip\r\n\r\n",
             post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
             post + "Content-Length: 1\r\nContent-Length: 1\r\n\r\n",
             post + "Content-Length: 1, 1\r\n\r\n",
             post + "Content-Length: -1\r\n\r\n",
             post + "Content-Length: +1\r\n\r\n",
             post + "Content-Length: 0x1\r\n\r\n",
             post + "Content-Length:\r\n\r\n",
             post + "Content-Length: 99999999999999999999999\r\n\r\n",
             post + "X: a\r\n b\r\n\r\n",
             post + "X:\r\n\tb\r\n\r\n",
             post + "X: a\rb\r\n\r\n",
             post + "X: a\nY: b\r\n\r\n",
             post + std::string("X: a\0b\r\n\r\n", 10),
             post + "X : a\r\n\r\n",
             post + "X\r\n\r\n",
             post + ": a\r\n\r\n",
             post + "X: a\x7f\r\n\r\n",
             post + "Host: b\r\n\r\n",
             post + "Origin: a\r\nOrigin: b\r\n\r\n",
         }) {
        CAPTURE(text);
        CHECK(state_of(text) == ParseState::bad);
        CHECK(Parse(text, 1).parser.state() == ParseState::bad);
    }
}

TEST_CASE("lines that are no request are refused") {
    for (const char* text :
         {"hello\r\n\r\n", "GET /\r\n\r\n", "GET / HTTP/2.0\r\nHost: a\r\n\r\n",
          "GET / HTTP/1.1\r\n\r\n", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
          "GET / x HTTP/1.1\r\nHost: a\r\n\r\n", "GET mcp HTTP/1.1\r\nHost: a\r\n\r\n",
          " GET / HTTP/1.1\r\nHost: a\r\n\r\n",
          "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"}) {
        CAPTURE(text);
        CHECK(state_of(text) == ParseState::bad);
    }
}

TEST_CASE("what can't become a request is refused before its end") {
    CHECK(state_of("\x16\x03\x01") == ParseState::bad);  // TLS
    CHECK(state_of("GET / HTTP/1.1\nHost") == ParseState::bad);
    CHECK(state_of("GET / HTTP/1.1\r\nHost: a\r\n ") == ParseState::bad);
}

TEST_CASE("chunks that are none are refused") {
    const std::string post = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (std::string body : {"x\r\n", "-1\r\n", "1\r\nab\r\n0\r\n\r\n", "1\nab\r\n",
                             "FFFFFFFFFFFFFFFFF\r\n", "\r\n", "1;\x01\r\na\r\n"}) {
        CAPTURE(body);
        const ParseState state = state_of(post + body);
        CHECK((state == ParseState::bad || state == ParseState::body_too_large));
    }
}

TEST_CASE("the head is bounded, to the byte") {
    const std::string head = "GET / HTTP/1.1\r\nHost: a\r\nX: ";
    const std::string exact = head + std::string(100 - head.size() - 4, 'x') + "\r\n\r\n";
    for (std::size_t step : {1u, 1000u}) {
        CHECK(Parse(exact, step, 100).parser.state() == ParseState::complete);
        CHECK(Parse(exact, step, 99).parser.state() == ParseState::head_too_large);
    }
    CHECK(Parse(std::string(101, 'A'), 1000, 100).parser.state() == ParseState::head_too_large);
}

TEST_CASE("a body behind a small head doesn't count as head") {
    const std::string text =
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 500\r\n\r\n" + std::string(500, 'b');
    CHECK(Parse(text, 1000000, 100).parser.state() == ParseState::complete);
}

TEST_CASE("chunked bodies are bounded while they arrive") {
    const std::string text =
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        "4\r\nabcd\r\n4\r\nabcd\r\n0\r\n\r\n";
    CHECK(Parse(text, 1, 16384, 8).parser.state() == ParseState::complete);
    CHECK(Parse(text, 1, 16384, 7).parser.state() == ParseState::body_too_large);
}

TEST_CASE("expectations and codings are noted") {
    CHECK(
        Parse("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\n\r\n").head.expects_continue);
    CHECK(Parse("POST / HTTP/1.1\r\nHost: a\r\nExpect: more\r\n\r\n").head.unmet_expectation);
    CHECK(Parse("POST / HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\n\r\n").head.encoded);
}

namespace {

/// Puts what comes next of `text` into the body itself, `step` bytes at a time.
std::size_t fill_in_place(RequestParser& parser, std::string_view text, std::size_t step) {
    std::size_t taken = 0;
    for (auto room = parser.body_room(); room.size() > 0; room = parser.body_room()) {
        const std::size_t count = text.substr(taken, std::min(step, room.size()))
                                      .copy(static_cast<char*>(room.data()), room.size());
        parser.take_body(count);
        taken += count;
        if (count == 0) break;
    }
    return taken;
}

}  // namespace

TEST_CASE("a large body of known length goes where it stays, and not beyond its end") {
    const std::string sent(300000, 'x');
    const std::string head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 300000\r\n\r\n";
    for (const std::size_t step : {std::size_t{1000}, std::size_t{70000}, sent.size()}) {
        Parse request(head + "xxx", head.size() + 3, 16384, 400000);
        CHECK(request.body == "xxx");
        const std::string_view next = std::string_view(sent).substr(3);
        CHECK(fill_in_place(request.parser, std::string(next) + "GET /", step) == next.size());
        CHECK(request.parser.state() == ParseState::complete);
        CHECK(request.body == sent);
        CHECK(request.parser.body_room().size() == 0);
    }
}

TEST_CASE("a body that stops in between holds what came of it") {
    Parse request("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 300000\r\n\r\nab");
    CHECK(fill_in_place(request.parser, "cd", 2) == 2);
    CHECK(request.parser.state() == ParseState::body);
    CHECK(request.body == "abcd");
}

TEST_CASE("there is no room where a body comes in chunks or not at all") {
    Parse chunked("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe");
    CHECK(chunked.parser.body_room().size() == 0);
    Parse none("POST / HTTP/1.1\r\nHost: a\r\n");
    CHECK(none.parser.body_room().size() == 0);
    CHECK(none.body.empty());
}
