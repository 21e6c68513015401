// SPDX-License-Identifier: Apache-2.0
// The lines that people read.
#include "traffic_line.hpp"

#include "pairs.hpp"
#include "safe_text.hpp"
#include "testing.hpp"

#include <algorithm>

using namespace shadowcat;
using namespace shadowcat::watch;
using namespace std::chrono_literals;

namespace {

/// Behind the time of day.
std::string line_of(const Entry& entry, const Look& look = Look()) {
    return traffic_line(entry, look).substr(sizeof("13:04:05.678"));
}

std::string line_of(const std::string& bytes, sdk::Direction direction) {
    return line_of(noted(bytes, direction).entry);
}

/// The line of the answer `bytes` to `request`, 12.3 ms later.
std::string answer_line(const std::string& request, const std::string& bytes,
                        sdk::Direction asked = kOut) {
    Pairs pairs(10);
    Record first = noted(request, asked);
    pairs.see(first);
    Record second = noted(bytes, asked == kOut ? kIn : kOut);
    second.at = first.at + 12300us;
    pairs.see(second);
    return line_of(second.entry);
}

std::string event_line(sdk::TransportEvent::Kind kind, const char* text, int status = 0) {
    sdk::TransportEvent event(kind, sdk::Hop::upstream, "s1");
    event.upstream = "primary";
    event.text = text;
    event.status = status;
    return line_of(record_of(event, Wanted()).entry);
}

std::string error_of(const std::string& message) {
    return R"({"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":")" + message + R"("}})";
}

}  // namespace

TEST_CASE("requests and answers") {
    CHECK(line_of(call_of("7", "echo"), kOut) == "s1 → tools/call echo #7  75 B");
    CHECK(line_of(R"({"jsonrpc":"2.0","id":"a","method":"ping"})", kOut) ==
          "s1 → ping #\"a\"  43 B");
    CHECK(answer_line(call_of("1", "echo"), result_of("1")) ==
          "s1 ← tools/call echo #1  result 12.3 ms 36 B");
    CHECK(answer_line(call_of("1", "echo"), error_of("Unknown tool: echo")) ==
          "s1 ← tools/call echo #1  error -32602 12.3 ms 86 B  Unknown tool: echo");
    CHECK(answer_line(call_of("1", "fail"),
                      R"({"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text",)"
                      R"("text":"no such file"}],"isError":true}})") ==
          "s1 ← tools/call fail #1  result isError 12.3 ms 104 B  no such file");
    CHECK(line_of(result_of("1"), kIn) == "s1 ← ? #1  result 36 B");
    CHECK(line_of(R"({"jsonrpc":"2.0","error":{"code":-32700,"message":"what?"}})", kIn) ==
          "s1 ← ?  error -32700 62 B  what?");
}

TEST_CASE("an isError that is only quoted is none") {
    CHECK(answer_line(call_of("1", "x"),
                      R"({"jsonrpc":"2.0","id":1,"result":{"text":"\"isError\":true"}})") ==
          "s1 ← tools/call x #1  result 12.3 ms 66 B");
}

TEST_CASE("who introduces himself") {
    CHECK(line_of(R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":)"
                  R"("2025-06-18","clientInfo":{"name":"cat","version":"1.2"}}})",
                  kOut) == "s1 → initialize #0  133 B  2025-06-18 cat 1.2");
    sdk::MessageContext context(kIn, "s1", "primary");
    context.method = "initialize";
    CHECK(line_of(noted(R"({"jsonrpc":"2.0","id":0,"result":{"protocolVersion":"2025-06-18",)"
                        R"("serverInfo":{"name":"demo","version":"3"}}})",
                        context)
                      .entry) == "s1 ← initialize #0  result 111 B  2025-06-18 demo 3");
}

TEST_CASE("notifications tell what they are about") {
    CHECK(line_of(R"({"jsonrpc":"2.0","method":"notifications/progress","params":)"
                  R"({"progressToken":"t","progress":3,"total":10,"message":"copying"}})",
                  kIn) == "s1 ← notifications/progress  134 B  3/10 copying");
    CHECK(line_of(R"({"jsonrpc":"2.0","method":"notifications/message","params":)"
                  R"({"level":"warning","logger":"db","data":"slow"}})",
                  kIn) == "s1 ← notifications/message  112 B  warning db: slow");
    CHECK(line_of(R"({"jsonrpc":"2.0","method":"notifications/message","params":)"
                  R"({"level":"info","data":{"rows":3}}})",
                  kIn) == "s1 ← notifications/message  99 B  info {\"rows\":3}");
    CHECK(line_of(R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":)"
                  R"({"requestId":7,"reason":"bored"}})",
                  kOut) == "s1 → notifications/cancelled  99 B  #7 bored");
    CHECK(line_of(R"({"jsonrpc":"2.0","method":"notifications/resources/updated","params":)"
                  R"({"uri":"file:///a"}})",
                  kIn) == "s1 ← notifications/resources/updated file:///a  93 B");
}

TEST_CASE("what comes along with a call names it") {
    sdk::MessageContext context(kIn, "s1", "primary");
    context.exchange = 3;
    context.method = "tools/call";
    context.name = "copy";
    CHECK(line_of(noted(R"({"jsonrpc":"2.0","method":"notifications/progress","params":)"
                        R"({"progressToken":1,"progress":0.5}})",
                        context)
                      .entry) == "s1 ← notifications/progress copy  99 B  0.5");
}

TEST_CASE("what servers ask, and what clients answer") {
    const std::string question = R"({"jsonrpc":"2.0","id":1,"method":"elicitation/create",)"
                                 R"("params":{"message":"Sure?"}})";
    CHECK(line_of(question, kIn) == "s1 ← elicitation/create #1  83 B  Sure?");
    CHECK(answer_line(question, result_of("1"), kIn) ==
          "s1 → elicitation/create #1  result 12.3 ms 36 B");
}

TEST_CASE("what the proxy itself answers says so") {
    sdk::MessageContext context(kIn, "s1", "");
    context.method = "tools/list";
    context.made_by_proxy = true;
    CHECK(line_of(noted(error_of("gone"), context).entry) ==
          "s1 ← tools/list #1  error -32602 72 B  by the proxy  gone");
}

TEST_CASE("events") {
    using Kind = sdk::TransportEvent::Kind;
    CHECK(event_line(Kind::session_opened, "127.0.0.1:5") ==
          "s1 · primary session opened  127.0.0.1:5");
    CHECK(event_line(Kind::session_closed, "") == "s1 · primary session closed");
    CHECK(event_line(Kind::link_opened, "pid 12") == "s1 · primary connected  pid 12");
    CHECK(event_line(Kind::link_closed, "exit 1") == "s1 · primary disconnected  exit 1");
    CHECK(event_line(Kind::stderr_line, "hello") == "s1 · primary stderr  hello");
    CHECK(event_line(Kind::http_response, "", 503) == "s1 · primary HTTP 503");
    CHECK(line_of(dropped_entry(1)) == "… 1 message not shown");
    CHECK(line_of(dropped_entry(12)) == "… 12 messages not shown");
    for (const Kind hidden : {Kind::http_request, Kind::sse_event, Kind::stream_closed})
        CHECK_FALSE(is_shown(sdk::TransportEvent(hidden, sdk::Hop::upstream, "s1")));
    sdk::TransportEvent status(Kind::http_response, sdk::Hop::downstream, "s1");
    status.status = 202;
    CHECK_FALSE(is_shown(status));
    status.status = 404;
    CHECK(is_shown(status));
}

TEST_CASE("a request that waits") {
    Pairs pairs(10);
    Record request = noted(call_of("7", "slow"), kOut);
    pairs.see(request);
    CHECK(line_of(pairs.overdue(request.at + 5s, 5s).at(0)) ==
          "s1 … tools/call slow #7  still waiting after 5.00 s");
}

TEST_CASE("a payload is shown if wanted, and only its beginning") {
    Wanted wanted;
    wanted.payload_bytes = 16;
    CHECK(line_of(noted(result_of("1"), kIn, "s1", wanted).entry) ==
          "s1 ← ? #1  result 36 B  {\"jsonrpc\":\"2.0\"…");
}

TEST_CASE("hostile texts make neither lines nor commands") {
    const std::string line =
        line_of(R"({"jsonrpc":"2.0","id":"\u001b[2J\n","method":"a\n12:00 s1 ← faked","params":)"
                R"({"name":"\u001b]0;x\u0007\u202e"}})",
                kOut);
    CHECK(line == R"(s1 → a\n12:00 s1 ← faked \u001b]0;x\u0007\u202e #"\u001b[2J\n"  124 B)");
    const std::string error = line_of(noted(error_of(R"(\u001b[31mred\r\n)"), kIn).entry);
    CHECK(error.ends_with(R"(\u001b[31mred\r\n)"));
    CHECK(event_line(sdk::TransportEvent::Kind::stderr_line, "\x1b[2J\x9b\xff") ==
          "s1 · primary stderr  \\u001b[2J\uFFFD\uFFFD");
    const std::string huge(100'000, 'x');
    CHECK(line_of(call_of("1", huge), kOut).size() < 400);
    CHECK(line_of(error_of(huge), kIn).size() < 500);
}

TEST_CASE("a line fits into the terminal, by columns") {
    const Entry entry = noted(call_of("7", "漢字漢字"), kOut).entry;
    const std::string whole = traffic_line(entry);
    for (std::size_t width = 1; width < 60; ++width) {
        const std::string line = traffic_line(entry, Look(false, width));
        CHECK(columns_of(line) <= width);
        if (width >= columns_of(whole)) CHECK(line == whole);
        if (width < columns_of(whole)) CHECK(line.ends_with("…"));
    }
}

TEST_CASE("colours change nothing but colours, and end with the line") {
    const Entry entry = noted(error_of("no"), kIn).entry;
    std::string coloured = traffic_line(entry, Look(true, 0));
    CHECK(coloured.find("\x1b[31m") != std::string::npos);
    for (std::size_t at = 0; (at = coloured.find("\x1b[")) != std::string::npos;)
        coloured.erase(at, coloured.find('m', at) - at + 1);
    CHECK(coloured == traffic_line(entry));
    const std::string cut = traffic_line(entry, Look(true, 20));
    CHECK(cut.find("\x1b[") != std::string::npos);
    CHECK(cut.rfind("\x1b[0m") > cut.rfind("\x1b[2m"));
    CHECK(traffic_line(entry).find('\x1b') == std::string::npos);
}

TEST_CASE("times and sizes have three digits") {
    CHECK(time_text(0us) == "0.00 ms");
    CHECK(time_text(420us) == "0.42 ms");
    CHECK(time_text(12340us) == "12.3 ms");
    CHECK(time_text(123456us) == "123 ms");
    CHECK(time_text(2500ms) == "2.50 s");
    CHECK(time_text(125s) == "125 s");
    CHECK(size_text(0) == "0 B");
    CHECK(size_text(999) == "999 B");
    CHECK(size_text(1234) == "1.2 kB");
    CHECK(size_text(123'456) == "123 kB");
    CHECK(size_text(3'400'000) == "3.4 MB");
}
