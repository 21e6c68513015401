// SPDX-License-Identifier: Apache-2.0
// What is written is what is read, byte by byte.
#include "format/line_writer.hpp"

#include "format/line_parser.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace shadowcat;
using tape::LineParser;
using tape::TapeLine;

namespace {

TapeLine read_back(std::string text) {
    CHECK(std::ranges::count(text, '\n') == 1);
    REQUIRE(text.ends_with('\n'));
    const std::size_t size = text.size() - 1;
    text.append(LineParser::kPadding, ' ');
    LineParser parser;
    TapeLine line;
    const auto wrong = parser.parse(std::string_view(text).substr(0, size), line);
    INFO(text);
    REQUIRE(wrong.value_or("") == "");
    return line;
}

TapeLine a_frame(std::string message) {
    TapeLine frame;
    frame.seq = 3;
    frame.ts_ms = 12.3456789;
    frame.direction = sdk::Direction::server_to_client;
    frame.message_kind = sdk::MessageKind::result;
    frame.message = std::move(message);
    return frame;
}

std::string line_of(const TapeLine& frame) {
    std::string out;
    tape::append_frame(out, frame);
    return out;
}

}  // namespace

TEST_CASE("messages come back byte by byte") {
    for (
        const std::string message :
        {R"({"jsonrpc":"2.0","id":1,"result":{}})",
         R"({ "jsonrpc" : "2.0" , "id" : 12345678901234567890123 , "result" : { "x" : 1e999 } })",
         R"({"jsonrpc":"2.0","id":"\u0061\/é","result":{"msg":{"raw":"}\\\"{"},"big":-0.10e+400}})",
         "{\"jsonrpc\":\"2.0\",\n\t\"id\":1,\r\n\"result\":{}}",
         " {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}} ", "{\"jsonrpc\":\"2.0\",\"id\":1,\"res!",
         "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}!",
         "{\"t\":\"\xe2\x80\xa8 \xf0\x9f\x90\xb1\"}"}) {
        INFO(message);
        CHECK(read_back(line_of(a_frame(message))).message == message);
    }
}

TEST_CASE("only what can't be spliced in is a string") {
    const std::string good = R"({"jsonrpc":"2.0","id":1,"result":{}})";
    CHECK(line_of(a_frame(good)).ends_with(",\"msg\":" + good + "}\n"));
    CHECK(line_of(a_frame("{\n}"))
              .ends_with(R"(,"raw":"{\n}"})"
                         "\n"));
}

TEST_CASE("a frame's members come back, and those that its class doesn't know") {
    TapeLine frame = a_frame("{}");
    frame.method = "tools/\"call\"";
    frame.name = "a\nb";
    frame.id = "18446744073709551616";
    frame.exchange = 7;
    frame.stream = 9;
    frame.revision = "2025-11-25";
    frame.redacted = true;
    frame.fields = {{"session", "s2"}, {"a\"b", {1, 2}}};
    const TapeLine back = read_back(line_of(frame));
    CHECK(back.seq == 3);
    CHECK(back.ts_ms == 12.346);
    CHECK((back.direction == sdk::Direction::server_to_client));
    CHECK((back.message_kind == sdk::MessageKind::result));
    CHECK(back.method == frame.method);
    CHECK(back.name == frame.name);
    CHECK(back.id == frame.id);
    CHECK(back.exchange == 7);
    CHECK(back.stream == 9);
    CHECK(back.revision == "2025-11-25");
    CHECK(back.redacted);
    CHECK(back.fields["session"] == "s2");
    CHECK(back.fields["a\"b"] == sdk::Json({1, 2}));
    CHECK_FALSE(back.fields.contains("msg"));
    std::string again;
    tape::append_line(again, back);
    CHECK(again == line_of(back));
    CHECK(read_back(again).message == "{}");
}

TEST_CASE("the id keeps its type") {
    TapeLine frame = a_frame("{}");
    for (const std::string id : {"0", "\"0\"", "1.0", "\"\\u0030\""}) {
        frame.id = id;
        CHECK(read_back(line_of(frame)).id == id);
    }
}

TEST_CASE("an event's line has what the event has, even bytes that are no text") {
    tape::EventRecord event;
    event.kind = tape::EventRecord::Kind::http_request;
    event.stream = 4;
    event.method = "POST";
    event.target = "/mcp";
    event.headers = {{"Accept", "a, b"}, {"X-Odd", "\xff\x01"}};
    event.retry_ms = 0;
    std::string out;
    tape::append_event(out, 5, event);
    const TapeLine back = read_back(out);
    CHECK((back.kind == TapeLine::Kind::event));
    CHECK(back.ts_ms == 5);
    CHECK(back.fields["event"] == "http_request");
    CHECK(back.fields["hop"] == "downstream");
    CHECK(back.fields["headers"][0] == sdk::Json({"Accept", "a, b"}));
    CHECK(back.fields["headers"][1][1] == "\xef\xbf\xbd\x01");
    CHECK(back.fields["retry"] == 0);
    CHECK_FALSE(back.fields.contains("status"));
}

TEST_CASE("correlations, checkpoints, gaps and ends") {
    tape::Correlation pair;
    pair.id = "\"x\"";
    pair.status = tape::Correlation::Status::error;
    pair.request_seq = 1;
    pair.request_ts_ms = 10.5;
    pair.response_seq = 4;
    pair.response_ts_ms = 12;
    std::string out;
    tape::append_correlation(out, pair);
    const TapeLine correlation = read_back(out);
    CHECK((correlation.kind == TapeLine::Kind::correlation));
    CHECK(correlation.fields["status"] == "error");
    CHECK(correlation.fields["rtt_ms"] == 1.5);
    tape::TapeStats stats;
    stats.frames = 12;
    out.clear();
    tape::append_checkpoint(out, 1, 12, stats, 2);
    CHECK(read_back(out).fields["next_part"] == 2);
    tape::Gap gap;
    gap.dropped = 3;
    gap.reason = "queue_full";
    out.clear();
    tape::append_gap(out, 1, gap);
    CHECK(read_back(out).fields["dropped"] == 3);
    out.clear();
    tape::append_end(out, 1, "closed", stats);
    const TapeLine end = read_back(out);
    CHECK(end.fields["reason"] == "closed");
    CHECK(end.fields["stats"]["frames"] == 12);
}
