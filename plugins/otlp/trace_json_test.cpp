// SPDX-License-Identifier: Apache-2.0
// The spans a collector is given, word for word.
#include "trace_json.hpp"

#include "span_attributes.hpp"

#include <doctest/doctest.h>

using namespace shadowcat;
using namespace shadowcat::otlp;
using sdk::Json;
using namespace std::chrono_literals;

namespace {

sdk::ExchangeRecord tool_call() {
    sdk::ExchangeRecord record;
    record.started = std::chrono::system_clock::time_point(1'700'000'000s + 1ns);
    record.elapsed = 12'345'678ns;
    record.first_reply = 5ms;
    record.session = "s-7f3a";
    record.peer = "127.0.0.1:41234";
    record.method = "tools/call";
    record.name = "echo";
    record.upstream = "primary";
    record.outcome = "result";
    record.status = 200;
    record.attempts = 1;
    record.bytes_in = 90;
    record.bytes_out = 120;
    record.trace =
        sdk::TraceContext::parse("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01").value();
    return record;
}

std::string text_of(const sdk::ExchangeRecord& record) {
    std::string text;
    append_span(text, Span(record));
    return text;
}

Json span_of(const sdk::ExchangeRecord& record) { return Json::parse(text_of(record)); }

/// The value of an attribute, or null.
Json attribute(const Json& span, const std::string& key) {
    for (const Json& each : span["attributes"]) {
        if (each["key"] == key) return *each["value"].begin();
    }
    return Json();
}

}  // namespace

TEST_CASE("a tool call, as a whole") {
    CHECK(span_of(tool_call()) == Json::parse(R"({
        "traceId":"4bf92f3577b34da6a3ce929d0e0e4736","spanId":"00f067aa0ba902b7",
        "flags":257,"name":"tools/call echo","kind":2,
        "startTimeUnixNano":"1700000000000000001","endTimeUnixNano":"1700000000012345679",
        "attributes":[
            {"key":"mcp.method.name","value":{"stringValue":"tools/call"}},
            {"key":"gen_ai.operation.name","value":{"stringValue":"execute_tool"}},
            {"key":"gen_ai.tool.name","value":{"stringValue":"echo"}},
            {"key":"client.address","value":{"stringValue":"127.0.0.1"}},
            {"key":"client.port","value":{"intValue":"41234"}},
            {"key":"http.response.status_code","value":{"intValue":"200"}},
            {"key":"network.protocol.name","value":{"stringValue":"http"}},
            {"key":"network.transport","value":{"stringValue":"tcp"}},
            {"key":"shadowcat.session","value":{"stringValue":"s-7f3a"}},
            {"key":"shadowcat.upstream","value":{"stringValue":"primary"}},
            {"key":"shadowcat.outcome","value":{"stringValue":"result"}},
            {"key":"shadowcat.attempts","value":{"intValue":"1"}},
            {"key":"shadowcat.request.size","value":{"intValue":"90"}},
            {"key":"shadowcat.response.size","value":{"intValue":"120"}},
            {"key":"shadowcat.first_reply_ns","value":{"intValue":"5000000"}}
        ]})"));
}

TEST_CASE("the client's span is the parent, a remote one") {
    auto record = tool_call();
    record.parent_span.fill('c');
    const Json span = span_of(record);
    CHECK(span["parentSpanId"] == "cccccccccccccccc");
    CHECK(span["flags"] == 0x301);
}

TEST_CASE("tools and prompts are in the name, resources only in an attribute without its query") {
    auto record = tool_call();
    record.method = "prompts/get";
    CHECK(span_of(record)["name"] == "prompts/get echo");
    CHECK(attribute(span_of(record), "gen_ai.prompt.name") == "echo");
    CHECK(attribute(span_of(record), "gen_ai.operation.name").is_null());
    record.method = "resources/read";
    record.name = "https://files.example/a?key=secret";
    CHECK(span_of(record)["name"] == "resources/read");
    CHECK(attribute(span_of(record), "mcp.resource.uri") == "https://files.example/a");
    CHECK(text_of(record).find("secret") == std::string::npos);
    record.method = "ping";
    record.name = "";
    CHECK(span_of(record)["name"] == "ping");
    record.method = "";
    CHECK(span_of(record)["name"] == "unreadable request");
    CHECK(attribute(span_of(record), "mcp.method.name").is_null());
}

TEST_CASE("what the proxy or the server failed at is an error") {
    auto record = tool_call();
    record.outcome = "failed";
    record.reason = "timed_out";
    record.status = 504;
    record.error_code = -32603;
    Json span = span_of(record);
    CHECK(span["status"] == Json({{"code", 2}, {"message", "timed_out"}}));
    CHECK(attribute(span, "error.type") == "timed_out");
    CHECK(attribute(span, "rpc.response.status_code") == "-32603");
    CHECK(attribute(span, "http.response.status_code") == "504");

    record.outcome = "error";
    record.reason = "";
    record.error_code = -32000;
    span = span_of(record);
    CHECK(span["status"] == Json({{"code", 2}, {"message", "JSON-RPC error -32000"}}));
    CHECK(attribute(span, "error.type") == "-32000");

    record.outcome = "refused";
    record.reason = "unavailable";
    record.status = 503;
    record.error_code = 0;
    CHECK(span_of(record)["status"]["message"] == "unavailable");
}

TEST_CASE("what the client did wrong or withdrew is no error of the server") {
    auto record = tool_call();
    const auto check = [&](const char* outcome, int code, int status, const char* reason) {
        CAPTURE(outcome);
        CAPTURE(code);
        record.outcome = outcome;
        record.error_code = code;
        record.status = status;
        record.reason = reason;
        const Json span = span_of(record);
        CHECK_FALSE(span.contains("status"));
        CHECK(attribute(span, "error.type").is_null());
        CHECK(attribute(span, "shadowcat.outcome") == outcome);
    };
    for (const int code : {-32700, -32600, -32601, -32602, -32002})
        check("error", code, 200, "");
    check("refused", 0, 403, "origin");
    check("cancelled", 0, 200, "");
    CHECK(attribute(span_of(record), "rpc.response.status_code").is_null());
}

TEST_CASE("addresses of every form") {
    auto record = tool_call();
    const auto check = [&](const char* peer, const Json& address, const Json& port) {
        record.peer = peer;
        CHECK(attribute(span_of(record), "client.address") == address);
        CHECK(attribute(span_of(record), "client.port") == port);
    };
    check("[::1]:80", "::1", "80");
    check("/run/shadowcat.sock", "/run/shadowcat.sock", Json());
    check("", Json(), Json());
    check("host:name", "host", Json());
}

TEST_CASE("without a status there was no HTTP") {
    auto record = tool_call();
    record.status = 0;
    CHECK(attribute(span_of(record), "http.response.status_code").is_null());
    CHECK(attribute(span_of(record), "network.transport").is_null());
}

TEST_CASE("texts are cut at a character's end, and hostile ones stay values") {
    auto record = tool_call();
    const std::string name = std::string(Span::kMaxText - 1, 'n') + "\u00e9\u00e9";
    record.name = name;
    CHECK(attribute(span_of(record), "gen_ai.tool.name") == std::string(Span::kMaxText - 1, 'n'));
    record.name = "\"}]\n\xFF";
    CHECK(attribute(span_of(record), "gen_ai.tool.name") == "\"}]\n\xEF\xBF\xBD");
}

TEST_CASE("a batch is one request, whatever the number of steps") {
    for (const std::size_t count :
         {std::size_t{1}, TraceEncoder::kStep, 2 * TraceEncoder::kStep + 1}) {
        CAPTURE(count);
        std::vector<Span> spans(count, Span(tool_call()));
        TraceEncoder encoder(std::move(spans), R"({"attributes":[]})", R"({"name":"shadowcat"})");
        while (encoder.step()) {
        }
        const Json request = Json::parse(encoder.take());
        CHECK(request["resourceSpans"][0]["resource"] == Json::parse(R"({"attributes":[]})"));
        const Json& scoped = request["resourceSpans"][0]["scopeSpans"][0];
        CHECK(scoped["scope"]["name"] == "shadowcat");
        REQUIRE(scoped["spans"].size() == count);
        CHECK(scoped["spans"].back() == span_of(tool_call()));
    }
}
