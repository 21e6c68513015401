// SPDX-License-Identifier: Apache-2.0
// What is replaced, what isn't, and that the rest stays as it is.
#include "record/redactor.hpp"

#include "shadowcat/sdk/message.hpp"

#include <doctest/doctest.h>
#include <re2/re2.h>

using namespace shadowcat;
using tape::MessageFacts;
using tape::RedactOptions;
using tape::Redactor;

namespace {

/// Every marker with a hash as `#`.
std::string plain(std::string text) {
    re2::RE2::GlobalReplace(&text, R"(\[redacted:[0-9a-f]{8}\])", "#");
    return text;
}

std::string redacted(std::string text, const RedactOptions& options = RedactOptions(),
                     std::string_view method = {}, bool from_client = true) {
    MessageFacts facts;
    facts.method = method;
    facts.from_client = from_client;
    const std::string before = text;
    const bool changed = Redactor(options).redact_message(text, facts, tape::Marker());
    CHECK(changed == (text != before));
    CHECK(nlohmann::json::accept(text) == nlohmann::json::accept(before));
    return plain(text);
}

RedactOptions with_pointer(const std::string& pointer) {
    RedactOptions options;
    options.pointers = {pointer};
    return options;
}

RedactOptions with_pattern(const std::string& pattern) {
    RedactOptions options;
    options.patterns = {pattern};
    return options;
}

std::string redactor_problem(const RedactOptions& options) {
    try {
        const Redactor redactor(options);
    } catch (const std::invalid_argument& wrong) {
        return wrong.what();
    }
    return {};
}

}  // namespace

TEST_CASE("messages: what is secret by its place in MCP") {
    const auto same = [](const std::string& text, std::string_view method = {}) {
        CHECK(redacted(text, {}, method) == text);
    };
    CHECK(redacted(R"({"result":{"requestState":"abc","x":1}})") ==
          R"({"result":{"requestState":"#","x":1}})");
    CHECK(redacted(R"({"params":{"requestState":"abc"}})") == R"({"params":{"requestState":"#"}})");
    CHECK(redacted(R"({"params":{"request\u0053tate":"a\"b"}})") ==
          R"({"params":{"request\u0053tate":"#"}})");
    CHECK(redacted(R"({"result":{"requestState":"a","requestState":"b"}})") ==
          R"({"result":{"requestState":"#","requestState":"#"}})");
    CHECK(redacted(R"({"params":{"_meta":{"com.example/authToken":"t","progressToken":7}}})") ==
          R"({"params":{"_meta":{"com.example/authToken":"#","progressToken":7}}})");
    CHECK(redacted(R"({"result":{"_meta":{"api-key":{"a":[1]}}}})") ==
          R"({"result":{"_meta":{"api-key":"#"}}})");
    const std::string url = R"({"params":{"mode":"url","url":"https://x/y"}})";
    CHECK(redacted(url, {}, "elicitation/create") == R"({"params":{"mode":"url","url":"#"}})");
    same(url, "tools/call");
    CHECK(redacted(R"({"result":{"inputRequests":{"k":{"method":"elicitation/create",)"
                   R"("params":{"mode":"url","url":"https://x"}}}}})") ==
          R"({"result":{"inputRequests":{"k":{"method":"elicitation/create",)"
          R"("params":{"mode":"url","url":"#"}}}}})");
    CHECK(redacted(
              R"({"error":{"code":-32042,"data":{"elicitations":[{"url":"a"},{"url":"b"}]}}})") ==
          R"({"error":{"code":-32042,"data":{"elicitations":[{"url":"#"},{"url":"#"}]}}})");
    same(R"({"params":{"name":"t","arguments":{"requestState":"mine","token":"mine"}}})");
    same(R"({"result":{"content":[{"type":"text","text":"requestState"}]}})");
}

TEST_CASE("answers to forms lose their values, not their names, and can't be compared") {
    const std::string answer = R"({"result":{"action":"accept","content":{"a":"x","b":true}}})";
    const std::string hidden =
        R"({"result":{"action":"accept","content":{"a":"[redacted]","b":"[redacted]"}}})";
    CHECK(redacted(answer, {}, "elicitation/create") == hidden);
    CHECK(redacted(answer) == hidden);  // its request isn't on the tape
    CHECK(redacted(answer, {}, "tools/call", false) == answer);
    CHECK(redacted(R"({"params":{"inputResponses":{"k":{"action":"accept","content":{"a":1}},)"
                   R"("s":{"role":"assistant","content":{"type":"text","text":"t"}}}}})") ==
          R"({"params":{"inputResponses":{"k":{"action":"accept","content":{"a":"[redacted]"}},)"
          R"("s":{"role":"assistant","content":{"type":"text","text":"t"}}}}})");
}

TEST_CASE("what stays, stays byte by byte: numbers, escapes, white space") {
    CHECK(redacted(R"({ "id" : 12345678901234567890123 , "params" : { "requestState" : "s" , )"
                   R"("x\/y" : 1.50e+400 , "u" : "\u00e9é" } })") ==
          R"({ "id" : 12345678901234567890123 , "params" : { "requestState" : "#" , )"
          R"("x\/y" : 1.50e+400 , "u" : "\u00e9é" } })");
}

TEST_CASE("pointers, with names, indices, wildcards and escapes") {
    const std::string text = R"({"params":{"arguments":{"a/b":"s","list":[{"p":1},{"p":"q"}]}}})";
    CHECK(redacted(text, with_pointer("/params/arguments/a~1b")) ==
          R"({"params":{"arguments":{"a/b":"#","list":[{"p":1},{"p":"q"}]}}})");
    CHECK(redacted(text, with_pointer("/params/arguments/list/*/p")) ==
          R"({"params":{"arguments":{"a/b":"s","list":[{"p":"#"},{"p":"#"}]}}})");
    CHECK(redacted(text, with_pointer("/params/*/list/1")) ==
          R"({"params":{"arguments":{"a/b":"s","list":[{"p":1},"#"]}}})");
    CHECK(redacted(text, with_pointer("/params/arguments")) == R"({"params":{"arguments":"#"}})");
    CHECK(redacted(text, with_pointer("/result/x")) == text);
    CHECK(redactor_problem(with_pointer("params/x")).find("doesn't begin with /") !=
          std::string::npos);
    CHECK(redactor_problem(with_pointer("/id")).find("doesn't lead into") != std::string::npos);
    CHECK(redactor_problem(with_pointer("/params")).find("doesn't lead into") != std::string::npos);
    CHECK(redactor_problem(with_pointer("/params/~2")).find("~") != std::string::npos);
    CHECK(redactor_problem(with_pointer("")).find("redact.pointers") != std::string::npos);
}

TEST_CASE("patterns, in strings (whatever their escapes) and numbers, not in keys") {
    const auto digits = with_pattern("[0-9]{4}");
    CHECK(redacted(R"({"params":{"1234":"a 1234 b 5678","n":12345,"s":1}})", digits) ==
          R"({"params":{"1234":"a # b #","n":"#","s":1}})");
    CHECK(redacted(R"({"result":["\u0031234\n\"x"]})", digits) == R"({"result":["#\n\"x"]})");
    CHECK(redacted(R"({"id":1234,"method":"m1234","params":{}})", digits) ==
          R"({"id":1234,"method":"m1234","params":{}})");
    CHECK(redacted(R"({"params":{"requestState":"1234"}})", digits) ==
          R"({"params":{"requestState":"#"}})");
    CHECK(redactor_problem(with_pattern("(")).find("redact.patterns: \"(\" is no RE2") == 0);
    CHECK(redactor_problem(with_pattern("a*")).find("matches the empty text") != std::string::npos);
}

TEST_CASE("equal secrets of a tape have equal markers, those of another tape others") {
    const Redactor redactor{RedactOptions()};
    const tape::Marker marker, other;
    const std::string text = R"({"result":{"requestState":"abc"}})";
    const auto mark = [&](std::string of, const tape::Marker& with) {
        redactor.redact_message(of, MessageFacts(), with);
        return of;
    };
    CHECK(mark(text, marker) == mark(text, marker));
    CHECK(mark(text, marker) == mark(R"({"result":{"requestState":"\u0061bc"}})", marker));
    CHECK(mark(text, marker) != mark(R"({"result":{"requestState":"abd"}})", marker));
    CHECK(mark(text, marker) != mark(text, other));
}

TEST_CASE("damaged messages are redacted like whole ones") {
    std::string text = R"({"result":{"requestState":"abc"}!)";
    CHECK(Redactor(RedactOptions()).redact_message(text, MessageFacts(), tape::Marker()));
    CHECK(plain(text) == R"({"result":{"requestState":"#"}!)");
}

TEST_CASE("redaction can be switched off") {
    RedactOptions off;
    off.enabled = false;
    const std::string text = R"({"result":{"requestState":"abc"}})";
    CHECK(redacted(text, off) == text);
}

namespace {

tape::EventRecord redacted_event(tape::EventRecord event,
                                 const RedactOptions& options = RedactOptions()) {
    Redactor(options).redact_event(event, tape::Marker());
    return event;
}

std::string header_after(const std::string& name, const std::string& value) {
    tape::EventRecord event;
    event.headers = {{name, value}};
    const tape::EventRecord after = redacted_event(event);
    CHECK(after.redacted == (after.headers[0].second != value));
    return plain(after.headers[0].second);
}

std::string text_after(const std::string& text) {
    tape::EventRecord event;
    event.kind = tape::EventRecord::Kind::stderr_line;
    event.text = text;
    return plain(redacted_event(event).text);
}

}  // namespace

TEST_CASE("headers that carry secrets") {
    for (const std::string name :
         {"Authorization", "PROXY-AUTHORIZATION", "Cookie", "set-cookie", "X-Api-Key", "apikey",
          "Mcp-Session-Id", "X-Auth-Token", "X-Goog-Api-Key", "X-Amz-Security-Token", "DPoP"}) {
        INFO(name);
        CHECK(header_after(name, "secret value") == "#");
    }
    for (const std::string name : {"Accept", "Content-Type", "MCP-Protocol-Version", "Mcp-Method",
                                   "Host", "Last-Event-ID", "Origin"}) {
        INFO(name);
        CHECK(header_after(name, "value") == "value");
    }
    tape::EventRecord event;
    event.headers = {{"X-Mine", "v"}, {"Y", "card 1234"}};
    RedactOptions options;
    options.headers = {"x-mine"};
    options.patterns = {"[0-9]{4}"};
    event = redacted_event(event, options);
    CHECK(plain(event.headers[0].second) == "#");
    CHECK(plain(event.headers[1].second) == "card #");
}

TEST_CASE("targets, commands and lines of stderr") {
    tape::EventRecord request;
    request.kind = tape::EventRecord::Kind::http_request;
    request.target = "/messages?sessionId=abc&page=2&api_key=k";
    CHECK(plain(redacted_event(request).target) == "/messages?sessionId=#&page=2&api_key=#");
    CHECK(text_after("https://me:pw@host/mcp?token=t#x") == "https://#@host/mcp?token=##x");
    CHECK(text_after("server --api-key sk-123 --port 80") == "server --api-key # --port 80");
    CHECK(text_after("server --token=t") == "server --token=#");
    CHECK(text_after("got Bearer abcdefghij") == "got Bearer #");
    CHECK(text_after("PASSWORD: \"hunter2\"") == "PASSWORD: \"#\"");
    for (const std::string harmless : {"listening on port 80", "https://host/mcp", "node server.js",
                                       "token bucket is full", "a secret was asked for"}) {
        INFO(harmless);
        CHECK(text_after(harmless) == harmless);
    }
}
