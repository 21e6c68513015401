// SPDX-License-Identifier: Apache-2.0
// HTTP messages are read the same however their bytes arrive.
#include "http_reader.hpp"

#include <doctest/doctest.h>

#include <string>

namespace {

using State = bench::HttpReader::State;
using Kind = bench::HttpReader::Kind;

struct Read {
    State state;
    int status;
    std::string body;
    std::size_t left;
};

/// `text` in pieces of `step` bytes, and then the end.
Read read_response(const std::string& text, std::size_t step, bool closes = false) {
    bench::Buffer in;
    bench::HttpReader reader(Kind::kResponses);
    for (std::size_t at = 0; at < text.size(); at += step) {
        in.append(std::string_view(text).substr(at, step));
        reader.advance(in);
    }
    if (closes) reader.finish();
    Read read{reader.state(), 0, "", 0};
    if (read.state != State::kComplete) return read;
    read.status = reader.head(in).status();
    read.body = reader.body(in);
    reader.next(in);
    read.left = in.size();
    return read;
}

TEST_CASE("bodies by length, by chunks and until the end, in pieces of any size") {
    const std::string by_length =
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 11\r\n\r\nhello world";
    const std::string by_chunks =
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nhello "
        "\r\n5;x=y\r\nworld\r\n0\r\n"
        "Trailer: x\r\n\r\n";
    for (std::size_t step = 1; step < by_chunks.size(); ++step) {
        CAPTURE(step);
        for (const std::string& text : {by_length, by_chunks}) {
            const Read read = read_response(text, step);
            REQUIRE(read.state == State::kComplete);
            REQUIRE(read.status == 200);
            REQUIRE(read.body == "hello world");
            REQUIRE(read.left == 0);
        }
        REQUIRE(read_response("HTTP/1.0 200 OK\r\n\r\nhello", step, true).body == "hello");
    }
}

TEST_CASE("what is no HTTP, or ends too early, has failed") {
    CHECK(read_response("nonsense\r\n\r\n", 99).state == State::kFailed);
    CHECK(read_response("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", 99).state ==
          State::kFailed);
    CHECK(read_response("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell", 99, true).state ==
          State::kFailed);
    CHECK(read_response("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 99).state ==
          State::kFailed);
    CHECK(read_response("HTTP/1.1 204 No Content\r\n\r\n", 99).state == State::kComplete);
}

}  // namespace
