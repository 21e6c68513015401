// SPDX-License-Identifier: Apache-2.0
// The metrics a collector is given, word for word.
#include "metrics_json.hpp"

#include <doctest/doctest.h>

using namespace shadowcat;
using namespace shadowcat::otlp;
using sdk::Json;

namespace {

std::vector<Json> encoded(const sdk::Metrics& registry) {
    const auto start = MetricsEncoder::Time(std::chrono::seconds(1'700'000'000));
    MetricsEncoder encoder(registry.snapshot(), R"({"attributes":[]})", R"({"name":"shadowcat"})",
                           start, start + std::chrono::nanoseconds(60'000'000'001));
    std::vector<Json> requests;
    while (auto text = encoder.next())
        requests.push_back(Json::parse(*text));
    return requests;
}

Json only_metrics(const sdk::Metrics& registry) {
    const auto requests = encoded(registry);
    REQUIRE(requests.size() == 1);
    return requests[0]["resourceMetrics"][0]["scopeMetrics"][0]["metrics"];
}

}  // namespace

TEST_CASE("a request, as a whole") {
    sdk::Metrics registry;
    registry.counter("shadowcat_requests_total", "Requests", {{"method", "tools/call"}}).add(7);
    registry.gauge("shadowcat_queue_bytes", "Bytes waiting").subtract(2);
    const auto requests = encoded(registry);
    REQUIRE(requests.size() == 1);
    CHECK(requests[0] == Json::parse(R"({"resourceMetrics":[{
        "resource":{"attributes":[]},
        "scopeMetrics":[{
            "scope":{"name":"shadowcat"},
            "metrics":[
                {"name":"shadowcat_requests_total","description":"Requests",
                 "sum":{"isMonotonic":true,"aggregationTemporality":2,"dataPoints":[
                    {"attributes":[{"key":"method","value":{"stringValue":"tools/call"}}],
                     "startTimeUnixNano":"1700000000000000000",
                     "timeUnixNano":"1700000060000000001","asInt":"7"}]}},
                {"name":"shadowcat_queue_bytes","description":"Bytes waiting","unit":"By",
                 "gauge":{"dataPoints":[{"timeUnixNano":"1700000060000000001","asInt":"-2"}]}}
            ]}]}]})"));
}

TEST_CASE("a histogram's buckets count each for itself, one more than there are bounds") {
    sdk::Metrics registry;
    auto& seconds = registry.histogram("shadowcat_call_seconds", "Calls");
    seconds.observe(std::chrono::milliseconds(1));
    seconds.observe(std::chrono::milliseconds(1));
    seconds.observe(std::chrono::milliseconds(250));
    seconds.observe(std::chrono::seconds(100));
    const Json metric = only_metrics(registry).at(0);
    CHECK(metric ==
          Json::parse(R"({"name":"shadowcat_call_seconds","description":"Calls","unit":"s",
        "histogram":{"aggregationTemporality":2,"dataPoints":[{
            "startTimeUnixNano":"1700000000000000000","timeUnixNano":"1700000060000000001",
            "count":"4","sum":100.252,
            "bucketCounts":["0","0","0","0","2","0","0","0","0","0","0","1","0","0","0","0","1"],
            "explicitBounds":[0.00005,0.0001,0.00025,0.0005,0.001,0.0025,0.005,0.01,
                              0.025,0.05,0.1,0.25,1.0,5.0,15.0,60.0]}]}})"));
}

TEST_CASE("units come from the name") {
    CHECK(unit_of("shadowcat_request_seconds") == "s");
    CHECK(unit_of("shadowcat_received_bytes_total") == "By");
    CHECK(unit_of("shadowcat_sessions").empty());
    CHECK(unit_of("shadowcat_requests_total").empty());
}

TEST_CASE("many series go in several requests, each point once") {
    sdk::Metrics registry;
    registry.counter("shadowcat_first_total", "First").add(1);
    for (std::size_t i = 0; i < 2 * MetricsEncoder::kMaxPoints; ++i)
        registry.gauge("shadowcat_level", "Level", {{"i", std::to_string(i)}}).add(1);
    registry.counter("shadowcat_last_total", "Last").add(1);
    const auto requests = encoded(registry);
    REQUIRE(requests.size() == 3);
    std::map<std::string, std::size_t> points;
    for (const Json& request : requests) {
        std::size_t in_request = 0;
        for (const Json& metric : request["resourceMetrics"][0]["scopeMetrics"][0]["metrics"]) {
            const char* kind = metric.contains("sum") ? "sum" : "gauge";
            in_request += metric[kind]["dataPoints"].size();
            points[metric["name"]] += metric[kind]["dataPoints"].size();
        }
        CHECK(in_request <= MetricsEncoder::kMaxPoints);
    }
    CHECK(points["shadowcat_level"] == 2 * MetricsEncoder::kMaxPoints);
    CHECK(points["shadowcat_first_total"] == 1);
    CHECK(points["shadowcat_last_total"] == 1);
}

TEST_CASE("without a series there is no request, and hostile labels stay values") {
    CHECK(encoded(sdk::Metrics()).empty());
    sdk::Metrics registry;
    registry.counter("shadowcat_x_total", "X", {{"method", "a\"}]\n\xFF"}}).add();
    CHECK(only_metrics(
              registry)[0]["sum"]["dataPoints"][0]["attributes"][0]["value"]["stringValue"] ==
          "a\"}]\n\xEF\xBF\xBD");
}
