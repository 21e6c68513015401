// SPDX-License-Identifier: Apache-2.0
// Traces and metrics at a collector, and what servers learn of a trace.
#include "harness/proxy_fixture.hpp"

#include <doctest/doctest.h>

#include <sstream>

using namespace integration;

namespace {

const std::string kTrace = "0af7651916cd43dd8448eb211c80319c";
const std::string kSpan = "b7ad6b7169203331";
const std::string kSampled = "00-" + kTrace + "-" + kSpan + "-01";
const std::string kCall =
    R"({"jsonrpc": "2.0", "id":7,"method":"tools/call",)"
    R"("params":{"name":"fake","arguments":{"secret":"hush-hush","big":12345678901234567890}}})";

std::string sink_for(const FakeHttpServer& collector) {
    return "exchange_sinks:\n  - sink: otlp_traces\n    flush_interval_secs: 1\n"
           "    endpoint: http://127.0.0.1:" +
           std::to_string(collector.port()) + "\n";
}

/// The calls' answers hold the line that the server got.
std::string mirror_config() { return config_for({kFakeServer, "mirror"}); }

std::vector<Json> spans_at(FakeHttpServer& collector) {
    std::istringstream log(collector.process().log());
    std::vector<Json> spans;
    const std::string path = "POST /v1/traces ";
    for (std::string line; std::getline(log, line) && !log.eof();) {
        if (!line.starts_with(path + "{")) continue;
        const Json body = Json::parse(line.substr(path.size()));
        for (const Json& resource : body.at("resourceSpans"))
            for (const Json& scope : resource.at("scopeSpans"))
                for (const Json& span : scope.at("spans"))
                    spans.push_back(span);
    }
    return spans;
}

/// Waits for it.
Json span_named(FakeHttpServer& collector, const std::string& name) {
    Json found;
    eventually([&] {
        for (const Json& span : spans_at(collector))
            if (span.at("name") == name) found = span;
        return !found.is_null();
    });
    REQUIRE_MESSAGE(!found.is_null(), "no span ", name, " in ", collector.process().log());
    return found;
}

HttpResponse post(const McpClient& client, const std::string& body,
                  const std::string& traceparent = "") {
    Headers headers = client.headers();
    if (!traceparent.empty()) headers.emplace_back("traceparent", traceparent);
    return HttpClient(client.port()).ask(mcp_post(body, headers));
}

/// What the server reads of the trace.
std::string told(const HttpResponse& mirrored) {
    const Json line = Json::parse(text_of(mirrored.json()));
    return line.at("params").at("_meta").at("traceparent").get<std::string>();
}

std::string as_parent(const Json& span, const std::string& flags = "01") {
    return "00-" + span.at("traceId").get<std::string>() + "-" +
           span.at("spanId").get<std::string>() + "-" + flags;
}

/// The id is the proxy's own: each link has its own count.
std::string without_id(std::string line) {
    const std::size_t at = line.find("\"id\":");
    return line.erase(at, line.find(',', at) - at);
}

class Traced {
public:
    Traced() { client.initialize(); }

    FakeHttpServer collector{{"collect"}};
    ReverseProxy proxy = ReverseProxy::with_config(mirror_config() + sink_for(collector));
    McpClient client = proxy.client();
};

}  // namespace

TEST_CASE("a client's traceparent header: our span is its child, and the server's parent") {
    Traced traced;
    const HttpResponse answer = post(traced.client, kCall, kSampled);
    const Json span = span_named(traced.collector, "tools/call fake");
    CHECK(span.at("traceId") == kTrace);
    CHECK(span.at("parentSpanId") == kSpan);
    CHECK(span.at("spanId") != kSpan);
    CHECK(told(answer) == as_parent(span));
}

TEST_CASE("a traceparent in the message counts more than the one in the header") {
    Traced traced;
    const std::string inner = "00-11111111111111112222222222222222-3333333333333333-01";
    std::string body = kCall;
    body.insert(body.find("\"name\""), R"("_meta":{"traceparent":")" + inner + R"("},)");
    const HttpResponse answer = post(traced.client, body, kSampled);
    const Json span = span_named(traced.collector, "tools/call fake");
    CHECK(span.at("traceId") == "11111111111111112222222222222222");
    CHECK(span.at("parentSpanId") == "3333333333333333");
    CHECK(told(answer) == as_parent(span));
}

TEST_CASE("without a trace, or with one that is none, a new one begins") {
    for (const std::string& header : {std::string(), std::string("00-nonsense-01")}) {
        Traced traced;
        const HttpResponse answer = post(traced.client, kCall, header);
        const Json span = span_named(traced.collector, "tools/call fake");
        CHECK(span.value("parentSpanId", "") == "");
        CHECK(span.at("traceId") != kTrace);
        CHECK(told(answer) == as_parent(span));
    }
}

TEST_CASE("a trace that nobody records isn't recorded, and the server is told so") {
    Traced traced;
    const std::string unsampled = "00-" + kTrace + "-" + kSpan + "-00";
    const std::string seen = told(post(traced.client, kCall, unsampled));
    CHECK(seen.starts_with("00-" + kTrace + "-"));
    CHECK(seen.ends_with("-00"));
    post(traced.client, R"({"jsonrpc":"2.0","id":8,"method":"tools/list"})", kSampled);
    span_named(traced.collector, "tools/list");
    for (const Json& span : spans_at(traced.collector))
        CHECK(span.at("name") != "tools/call fake");
}

TEST_CASE("a server over HTTP gets the traceparent as a header") {
    FakeHttpServer server({"json"}), collector({"collect"});
    const ReverseProxy proxy = ReverseProxy::with_config(
        "reverse_proxy:\n  upstreams:\n    - name: primary\n      transport: http\n      url: " +
        server.url() + "\n" + sink_for(collector));
    McpClient client = proxy.client();
    client.initialize();
    CHECK(post(client, kCall, kSampled).status == 200);
    const Json span = span_named(collector, "tools/call fake");
    CHECK(span.at("traceId") == kTrace);
    CHECK(server.process().logged({"traceparent: " + as_parent(span)}));
}

TEST_CASE("neither arguments nor session ids are in spans") {
    Traced traced;
    post(traced.client, kCall, kSampled);
    span_named(traced.collector, "tools/call fake");
    const std::string log = traced.collector.process().log();
    CHECK(log.find("hush-hush") == std::string::npos);
    CHECK(log.find(traced.client.session()) == std::string::npos);
}

TEST_CASE("without a sink no byte of a request changes but its id") {
    const ReverseProxy proxy = ReverseProxy::with_config(mirror_config());
    McpClient client = proxy.client();
    client.initialize();
    for (const std::string& header : {kSampled, std::string()}) {
        const std::string line = text_of(post(client, kCall, header).json());
        CHECK(without_id(line) == without_id(kCall));
    }
}

TEST_CASE("a collector that is away: one warning, requests go on") {
    const std::uint16_t port = FakeHttpServer({"collect"}).port();  // closed again
    ReverseProxy proxy = ReverseProxy::with_config(
        mirror_config() +
        "exchange_sinks:\n  - sink: otlp_traces\n    flush_interval_secs: 1\n    endpoint: "
        "http://127.0.0.1:" +
        std::to_string(port) + "\n");
    McpClient client = proxy.client();
    client.initialize();
    CHECK(post(client, kCall, kSampled).status == 200);
    proxy.process().wait_for_log({"otlp collector not available", std::to_string(port)});
    CHECK(post(client, kCall, kSampled).status == 200);
    const std::string log = proxy.process().log();
    const std::string warning = "otlp collector not available";
    CHECK(log.find(warning, log.find(warning) + 1) == std::string::npos);
}

TEST_CASE("metrics are pushed to a collector") {
    FakeHttpServer collector({"collect"});
    const ReverseProxy proxy = ReverseProxy::with_config(
        config_for({kDemoServer}) + "metrics:\n  - sink: prometheus\n  - sink: otlp\n" +
        "    interval_secs: 1\n    endpoint: http://127.0.0.1:" + std::to_string(collector.port()) +
        "\n");
    proxy.client().initialize();
    const std::string line =
        collector.process().wait_for_log({"POST /v1/metrics ", "shadowcat_requests_total"});
    CHECK(Json::parse(line.substr(line.find('{'))).contains("resourceMetrics"));
    CHECK(proxy.page("/metrics").body.find("shadowcat_requests_total") != std::string::npos);
}
