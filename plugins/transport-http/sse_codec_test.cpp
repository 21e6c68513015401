// SPDX-License-Identifier: Apache-2.0
// Event streams as tables: bytes in, events out, however the bytes are cut.
#include "sse_codec.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace shadowcat::http;

namespace {

using Lines = std::vector<std::string>;

constexpr std::size_t kLimit = 1024;

/// What a stream says, one line per event: `type|data|last id`.
class Reader {
public:
    explicit Reader(std::size_t limit = kLimit) : parser(limit) {}

    bool feed(std::string_view chunk) {
        for (;;) {
            const auto status = parser.parse(chunk);
            if (status == SseParser::Status::too_large) return false;
            if (status == SseParser::Status::need_more) return true;
            const SseEvent& event = parser.event();
            seen.push_back(event.type + "|" + event.data + "|" + parser.last_event_id());
        }
    }

    SseParser parser;
    Lines seen;
};

Lines read_in_chunks(std::string_view stream, std::size_t size) {
    Reader reader;
    for (std::size_t at = 0; at < stream.size(); at += size) {
        CHECK(reader.feed(stream.substr(at, size)));
    }
    return reader.seen;
}

class CodecCase {
public:
    CodecCase(const char* what, std::string_view bytes, Lines events)
        : name(what), stream(bytes), expected(std::move(events)) {}

    const char* name;
    std::string_view stream;
    Lines expected;
};

const std::vector<CodecCase>& cases() {
    using namespace std::string_view_literals;
    static const std::vector<CodecCase> table = {
        CodecCase("one event", "data: {\"a\":1}\n\n", {"|{\"a\":1}|"}),
        CodecCase("line ends CRLF", "event: message\r\ndata: x\r\n\r\n", {"message|x|"}),
        CodecCase("line ends CR", "event: message\rdata: x\r\rdata: y\r\r", {"message|x|", "|y|"}),
        CodecCase("mixed line ends", "data: x\r\n\ndata: y\n\r\ndata: z\r\n\r",
                  {"|x|", "|y|", "|z|"}),
        CodecCase("byte order mark",
                  "\xEF\xBB\xBF"
                  "data: x\n\n",
                  {"|x|"}),
        CodecCase("a second byte order mark is part of a name",
                  "\xEF\xBB\xBF\xEF\xBB\xBF"
                  "data: x\n\n",
                  {}),
        CodecCase("comments", ": hello\n:\ndata: x\n: between\ndata: y\n\n:\n\n", {"|x\ny|"}),
        CodecCase("one space after the colon", "data:x\n\ndata:  y\n\ndata: \tz\n\n",
                  {"|x|", "| y|", "|\tz|"}),
        CodecCase("several data lines", "data: a\ndata:\ndata: c\n\n", {"|a\n\nc|"}),
        CodecCase("empty data is an event", "id: 7\ndata:\n\ndata\n\ndata: \n\n",
                  {"||7", "||7", "||7"}),
        CodecCase("an id without data is remembered", "id: 1\n\ndata: x\n\n", {"|x|1"}),
        CodecCase("an empty id forgets", "id: 1\ndata: x\n\nid\ndata: y\n\n", {"|x|1", "|y|"}),
        CodecCase("an id with NUL is ignored", "id: 1\n\nid: a\0b\ndata: x\n\n"sv, {"|x|1"}),
        CodecCase("a field without a colon", "event\ndata\ndata\n\n", {"|\n|"}),
        CodecCase("unknown fields", "foo: bar\ndatax: 1\nData: 2\ndat: 3\ndata: x\n\n", {"|x|"}),
        CodecCase("the type lasts one event", "event: ping\ndata: 1\n\ndata: 2\n\n",
                  {"ping|1|", "|2|"}),
        CodecCase("a type without data lapses", "event: ping\n\ndata: 2\n\n", {"|2|"}),
        CodecCase("colons in data", "data: a:b: c\n\n", {"|a:b: c|"}),
        CodecCase("an event cut off by the end", "data: x\n\nid: 9\ndata: lost", {"|x|"}),
        CodecCase("an event without its blank line", "data: x\n\nid: 9\ndata: lost\n", {"|x|"}),
        CodecCase("many blank lines", "\n\n\r\n\rdata: x\n\n\n\n", {"|x|"}),
    };
    return table;
}

}  // namespace

TEST_CASE("streams are read by the WHATWG rules, however their bytes are cut") {
    for (const CodecCase& each : cases()) {
        for (std::size_t size :
             {std::size_t(1), std::size_t(2), std::size_t(3), std::size_t(5), kLimit}) {
            INFO(each.name << ", chunks of " << size);
            CHECK(read_in_chunks(each.stream, size) == each.expected);
        }
    }
}

TEST_CASE("the id of an event that never ended is not the last id") {
    Reader reader;
    CHECK(reader.feed("id: 1\ndata: x\n\nid: 2\ndata: y\n"));
    CHECK(reader.parser.last_event_id() == "1");
}

TEST_CASE("retry is taken from digits only") {
    const std::vector<std::pair<std::string, std::optional<std::uint64_t>>> table = {
        {"retry: 1500\n", 1500},        {"retry:0\n", 0},
        {"retry: 15s\n", std::nullopt}, {"retry: -1\n", std::nullopt},
        {"retry\n", std::nullopt},      {"retry: 99999999999999999999999\n", std::nullopt},
    };
    for (const auto& [stream, expected] : table) {
        INFO(stream);
        Reader reader;
        CHECK(reader.feed(stream));
        CHECK(reader.parser.retry_ms() == expected);
    }
}

TEST_CASE("an event over the limit is refused, whichever field is long and however it arrives") {
    for (const std::string field : {"data: ", "event: ", "id: ", "nonsense"}) {
        for (std::size_t size : {std::size_t(1), std::size_t(64), std::size_t(4096)}) {
            INFO(field << " in chunks of " << size);
            Reader reader(256);
            const std::string stream = field + std::string(300, 'x');
            bool fits = true;
            for (std::size_t at = 0; at < stream.size() && fits; at += size) {
                fits = reader.feed(std::string_view(stream).substr(at, size));
            }
            CHECK_FALSE(fits);
        }
    }
    Reader lines(256);
    std::string many;
    for (int i = 0; i < 300; ++i)
        many += "data:\n";
    CHECK_FALSE(lines.feed(many));
}

TEST_CASE("comments of any length and streams of any number of events are fine") {
    Reader reader(256);
    CHECK(reader.feed(": " + std::string(5000, 'x')));
    for (int i = 0; i < 1000; ++i)
        CHECK(reader.feed("\ndata: 0123456789\n\n"));
    CHECK(reader.seen.size() == 1000);
}

TEST_CASE("an event at the limit passes") {
    Reader reader(256);
    CHECK(reader.feed("data: " + std::string(255, 'x') + "\n\n"));
    CHECK(reader.seen.size() == 1);
}

TEST_CASE("what is written") {
    std::string out;
    sse::append_message(out, R"({"id":1})");
    CHECK(out == "event: message\ndata: {\"id\":1}\n\n");
    out.clear();
    sse::append_message(out, R"({"id":1})", "s.4");
    CHECK(out == "id: s.4\nevent: message\ndata: {\"id\":1}\n\n");
    out.clear();
    sse::append_priming(out, "s.0");
    sse::append_retry(out, 1500);
    sse::append_comment(out);
    sse::append_comment(out, "keep-alive");
    CHECK(out == "id: s.0\ndata: \n\nretry: 1500\n\n: \n\n: keep-alive\n\n");
}

TEST_CASE("what is written is read back") {
    std::string out;
    sse::append_priming(out, "a.0");
    sse::append_message(out, R"({"id":1,"method":"x"})", "a.1");
    sse::append_comment(out, "still here");
    sse::append_retry(out, 20);
    sse::append_message(out, R"({"id":1,"result":{}})");
    Reader reader;
    CHECK(reader.feed(out));
    CHECK(reader.seen == Lines{"||a.0", R"(message|{"id":1,"method":"x"}|a.1)",
                               R"(message|{"id":1,"result":{}}|a.1)"});
    CHECK(reader.parser.retry_ms() == 20);
}
