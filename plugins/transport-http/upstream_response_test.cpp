// SPDX-License-Identifier: Apache-2.0
// Responses as bytes, whole and one at a time.
#include "upstream_response.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace shadowcat::http;

namespace {

using State = ResponseParser::State;

class Outcome {
public:
    ResponseHead head;
    std::string body, problem;
    State state = State::head;
    bool keep_alive = false;
    std::size_t unread = 0;
};

/// Feeds `bytes` in pieces, unconsumed ones again with the next, then the end of the connection.
Outcome parse(const std::string& bytes, std::size_t piece, bool end = false) {
    Outcome out;
    ResponseParser parser(out.head, out.body, 512);
    std::string unread;
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
        unread += bytes.substr(at, piece);
        for (std::size_t used = 1; used != 0;) {
            used = parser.feed(unread);
            unread.erase(0, used);
        }
    }
    if (end) parser.feed_end();
    out.state = parser.state();
    out.problem = parser.problem();
    out.keep_alive = out.state == State::complete && parser.keep_alive();
    out.unread = unread.size();
    return out;
}

class ResponseCase {
public:
    ResponseCase(const char* what, const char* text, State at, const char* content, bool keeps,
                 bool closed = false)
        : name(what), bytes(text), state(at), body(content), keep_alive(keeps), end(closed) {}

    const char* name;
    const char* bytes;
    State state;
    const char* body;
    bool keep_alive, end;
};

}  // namespace

TEST_CASE("responses, in pieces of any size") {
    const std::vector<ResponseCase> table = {
        ResponseCase("length", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", State::complete,
                     "hello", true),
        ResponseCase("no body", "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n",
                     State::complete, "", true),
        ResponseCase("204", "HTTP/1.1 204 No Content\r\n\r\n", State::complete, "", true),
        ResponseCase("chunks",
                     "HTTP/1.1 200 OK\r\nTransfer-Encoding: "
                     "Chunked\r\n\r\n5\r\nhello\r\n1;x=y\r\n!\r\n0\r\n\r\n",
                     State::complete, "hello!", true),
        ResponseCase(
            "trailer",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nMcp-Session-Id: "
            "t\r\n\r\n",
            State::complete, "a", true),
        ResponseCase("until the end", "HTTP/1.1 200 OK\r\n\r\nhello", State::complete, "hello",
                     false, true),
        ResponseCase("not yet", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel", State::body,
                     "hel", false),
        ResponseCase("told to close",
                     "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\na",
                     State::complete, "a", false),
        ResponseCase("HTTP/1.0", "HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\na", State::complete,
                     "a", false),
        ResponseCase("both framings",
                     "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\na",
                     State::bad, "", false),
        ResponseCase("the other way round",
                     "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\na",
                     State::bad, "", false),
        ResponseCase("two lengths",
                     "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
                     State::bad, "", false),
        ResponseCase("negative length", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", State::bad,
                     "", false),
        ResponseCase("unknown coding",
                     "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", State::bad, "",
                     false),
        ResponseCase("bad chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                     State::bad, "", false),
        ResponseCase("not HTTP", "SSH-2.0-OpenSSH_9.2\r\n\r\n", State::bad, "", false),
        ResponseCase("cut off in the head", "HTTP/1.1 200 OK\r\nContent-", State::bad, "", false,
                     true),
        ResponseCase("cut off in the body", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel",
                     State::bad, "hel", false, true),
        ResponseCase("cut off in a chunk",
                     "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe", State::bad,
                     "he", false, true),
        ResponseCase("nothing at all", "", State::bad, "", false, true),
    };
    for (const ResponseCase& each : table) {
        for (std::size_t piece : {std::size_t(1), std::size_t(7), std::size_t(4096)}) {
            INFO(each.name << ", pieces of " << piece);
            const Outcome out = parse(each.bytes, piece, each.end);
            CHECK(out.state == each.state);
            CHECK(out.body == each.body);
            CHECK(out.keep_alive == each.keep_alive);
            CHECK(out.problem.empty() == (each.state != State::bad));
        }
    }
}

TEST_CASE("what is kept of a head; a trailer adds nothing") {
    const Outcome out = parse(
        "HTTP/1.1 307 Elsewhere\r\ncontent-type: application/json\r\nMCP-Session-Id: s1\r\n"
        "Location: http://x/\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
        "0\r\nContent-Type: text/html\r\n\r\n",
        3);
    CHECK(out.state == State::complete);
    CHECK(out.head.status == 307);
    CHECK(out.head.content_type == "application/json");
    CHECK(out.head.session_id == "s1");
    CHECK(out.head.session_ids == 1);
    CHECK(out.head.location == "http://x/");
    CHECK(out.head.content_encoding == "gzip");
}

TEST_CASE("a head over the limit is refused") {
    const std::string head = "HTTP/1.1 200 OK\r\nX: " + std::string(600, 'x') + "\r\n\r\n";
    for (std::size_t piece : {std::size_t(1), std::size_t(4096)}) {
        CHECK(parse(head, piece).state == State::bad);
    }
}

TEST_CASE("bytes behind the response are left alone") {
    const Outcome out =
        parse("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\naHTTP/1.1 200 OK\r\n", 4096);
    CHECK(out.state == State::complete);
    CHECK(out.unread == 17);
}

TEST_CASE("a large body of known length goes where it stays, others have no room") {
    ResponseHead head;
    std::string body;
    ResponseParser parser(head, body, 512);
    CHECK(parser.body_room().size() == 0);
    const std::string_view begun = "HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n";
    CHECK(parser.feed(begun) == begun.size());
    std::size_t turns = 0;
    for (auto room = parser.body_room(); room.size() > 0; room = parser.body_room()) {
        const std::size_t count = std::min<std::size_t>(room.size(), 50000);
        std::string(count, 'a').copy(static_cast<char*>(room.data()), count);
        parser.take_body(count);
        ++turns;
    }
    CHECK(turns == 4);
    CHECK(parser.state() == State::complete);
    CHECK(body == std::string(200000, 'a'));
    ResponseParser endless(head, body, 512);
    const std::string_view open = "HTTP/1.1 200 OK\r\n\r\n";
    CHECK(endless.feed(open) == open.size());
    CHECK(endless.body_room().size() == 0);
}
