// SPDX-License-Identifier: Apache-2.0
// The text a scraper reads.
#include "prometheus_text.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <sstream>
#include <string>
#include <vector>

using namespace shadowcat;

namespace {

bool has_line(const std::string& text, const std::string& line) {
    return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

}  // namespace

TEST_CASE("counters and gauges show help, type, labels and value") {
    sdk::Metrics registry;
    registry.counter("shadowcat_requests_total", "Requests", {{"method", "tools/call"}}).add(7);
    registry.gauge("shadowcat_sessions", "Sessions alive").subtract(2);
    CHECK(metrics::prometheus_text(registry.snapshot()) ==
          "# HELP shadowcat_requests_total Requests\n"
          "# TYPE shadowcat_requests_total counter\n"
          "shadowcat_requests_total{method=\"tools/call\"} 7\n"
          "# HELP shadowcat_sessions Sessions alive\n"
          "# TYPE shadowcat_sessions gauge\n"
          "shadowcat_sessions -2\n");
}

TEST_CASE("a histogram shows cumulative buckets, sum and count") {
    sdk::Metrics registry;
    auto& seconds = registry.histogram("shadowcat_call_seconds", "Calls", {{"upstream", "a"}});
    seconds.observe(std::chrono::milliseconds(1));
    seconds.observe(std::chrono::milliseconds(250));
    seconds.observe(std::chrono::seconds(100));
    const std::string text = metrics::prometheus_text(registry.snapshot());
    CHECK(has_line(text, "# TYPE shadowcat_call_seconds histogram"));
    CHECK(has_line(text, R"(shadowcat_call_seconds_bucket{upstream="a",le="0.0005"} 0)"));
    CHECK(has_line(text, R"(shadowcat_call_seconds_bucket{upstream="a",le="0.001"} 1)"));
    CHECK(has_line(text, R"(shadowcat_call_seconds_bucket{upstream="a",le="0.25"} 2)"));
    CHECK(has_line(text, R"(shadowcat_call_seconds_bucket{upstream="a",le="60"} 2)"));
    CHECK(has_line(text, R"(shadowcat_call_seconds_bucket{upstream="a",le="+Inf"} 3)"));
    CHECK(has_line(text, R"(shadowcat_call_seconds_sum{upstream="a"} 100.251)"));
    CHECK(has_line(text, R"(shadowcat_call_seconds_count{upstream="a"} 3)"));
}

TEST_CASE("label values can't break out of their quotes or line") {
    sdk::Metrics registry;
    registry.counter("shadowcat_x_total", "X", {{"method", "a\"} 1\nfake 2\\"}}).add();
    CHECK(has_line(metrics::prometheus_text(registry.snapshot()),
                   R"(shadowcat_x_total{method="a\"} 1\nfake 2\\"} 1)"));
}

TEST_CASE("help can't break out of its line") {
    sdk::Metrics registry;
    registry.counter("shadowcat_x_total", "a\nfake 2 \\").add();
    CHECK(has_line(metrics::prometheus_text(registry.snapshot()),
                   R"(# HELP shadowcat_x_total a\nfake 2 \\)"));
}

TEST_CASE(
    "the buckets of a histogram have the bounds' plain numbers, never fall, and end at the count") {
    sdk::Metrics registry;
    auto& seconds = registry.histogram("shadowcat_call_seconds", "Calls");
    for (int i = 0; i < 1000; ++i)
        seconds.observe(std::chrono::microseconds(i * i));
    std::istringstream lines(metrics::prometheus_text(registry.snapshot()));
    std::vector<double> bounds, counts;
    double total = 0;
    for (std::string line; std::getline(lines, line);) {
        const std::string bucket = "shadowcat_call_seconds_bucket{le=\"";
        if (line.starts_with("shadowcat_call_seconds_count ")) total = std::stod(line.substr(29));
        if (!line.starts_with(bucket)) continue;
        bounds.push_back(std::stod(line.substr(bucket.size())));
        counts.push_back(std::stod(line.substr(line.rfind(' '))));
    }
    REQUIRE(bounds.size() == sdk::Histogram::kBounds.size() + 1);
    CHECK(
        std::equal(sdk::Histogram::kBounds.begin(), sdk::Histogram::kBounds.end(), bounds.begin()));
    CHECK(std::isinf(bounds.back()));
    CHECK(std::ranges::is_sorted(counts));
    CHECK(counts.back() == 1000);
    CHECK(total == 1000);
    CHECK(counts[4] == 32);  // i² µs up to 1 ms: i up to 31
}

TEST_CASE("a family without a series is left out") {
    sdk::MetricFamily family;
    family.name = "shadowcat_nothing_total";
    CHECK(metrics::prometheus_text({family}).empty());
}
