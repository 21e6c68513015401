// SPDX-License-Identifier: Apache-2.0
// What a collector's answers are read as, whole or byte by byte.
#include "reply.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::otlp;
using State = ReplyReader::State;

namespace {

const std::string kOk =
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";

}  // namespace

TEST_CASE("an answer is read the same in one piece and byte by byte") {
    const std::string chunked =
        "HTTP/1.1 503 Busy\r\nRetry-After: 7\r\nTransfer-Encoding: chunked\r\n\r\n"
        "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
    for (const std::size_t step : {std::size_t{1}, std::size_t{3}, std::size_t{1000}}) {
        CAPTURE(step);
        ReplyReader reader;
        CHECK_FALSE(reader.began());
        for (std::size_t at = 0; at < chunked.size(); at += step) {
            REQUIRE(reader.state() == State::reading);
            reader.feed(std::string_view(chunked).substr(at, step));
        }
        REQUIRE(reader.state() == State::complete);
        CHECK(reader.keeps_connection());
        const Reply reply = reader.take();
        CHECK(reply.status == 503);
        CHECK(reply.retry_after == "7");
        CHECK(reply.body == "abcde");
        CHECK_FALSE(reply.json);
    }
}

TEST_CASE("informational responses are skipped") {
    ReplyReader reader;
    reader.feed("HTTP/1.1 100 Continue\r\n\r\n" + kOk);
    REQUIRE(reader.state() == State::complete);
    CHECK(reader.keeps_connection());
    const Reply reply = reader.take();
    CHECK(reply.status == 200);
    CHECK(reply.json);
    CHECK(reply.body == "{}");
}

TEST_CASE("the connection is kept only where both sides agree on where the answer ends") {
    const auto keeps = [](const std::string& text) {
        ReplyReader reader;
        reader.feed(text);
        REQUIRE(reader.state() == State::complete);
        return reader.keeps_connection();
    };
    CHECK(keeps(kOk));
    CHECK_FALSE(keeps(kOk + "HTTP/1.1 200 OK\r\n"));
    CHECK_FALSE(keeps("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"));
    CHECK_FALSE(keeps("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n"));
}

TEST_CASE("an answer may end with the connection, and break off with it") {
    ReplyReader whole, broken, nothing;
    whole.feed("HTTP/1.1 200 OK\r\n\r\nabc");
    whole.feed_end();
    REQUIRE(whole.state() == State::complete);
    CHECK_FALSE(whole.keeps_connection());
    CHECK(whole.take().body == "abc");
    broken.feed("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc");
    broken.feed_end();
    CHECK(broken.state() == State::bad);
    nothing.feed_end();
    CHECK(nothing.state() == State::bad);
}

TEST_CASE("what is no HTTP is bad; a large body counts by its status alone") {
    ReplyReader other, endless, large, growing;
    other.feed("SSH-2.0-OpenSSH_9.2\r\n");
    CHECK(other.state() == State::bad);
    for (int i = 0; i < 40 && endless.state() == State::reading; ++i)
        endless.feed("HTTP/1.1 200 OK\r\nX-A: " + std::string(1024, 'a'));
    CHECK(endless.state() == State::bad);

    large.feed("HTTP/1.1 413 Too Large\r\nContent-Length: 1000000\r\n\r\n");
    REQUIRE(large.state() == State::complete);
    CHECK_FALSE(large.keeps_connection());
    CHECK(large.take().status == 413);

    growing.feed("HTTP/1.1 400 Bad Request\r\n\r\n");
    for (int i = 0; i < 100 && growing.state() == State::reading; ++i)
        growing.feed(std::string(1024, 'x'));
    REQUIRE(growing.state() == State::complete);
    const Reply reply = growing.take();
    CHECK(reply.status == 400);
    CHECK(reply.body.empty());
}
