// SPDX-License-Identifier: Apache-2.0
// What a sink reads from the registry.
#include "shadowcat/sdk/metrics.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <thread>

using namespace shadowcat::sdk;

TEST_CASE("a series is found again by its labels") {
    Metrics metrics;
    metrics.counter("shadowcat_requests_total", "Requests", {{"method", "ping"}}).add();
    metrics.counter("shadowcat_requests_total", "Requests", {{"method", "ping"}}).add(2);
    metrics.counter("shadowcat_requests_total", "Requests", {{"method", "other"}}).add(5);
    const auto families = metrics.snapshot();
    REQUIRE(families.size() == 1);
    REQUIRE(families[0].samples.size() == 2);
    CHECK(families[0].samples[0].value == 3);
    CHECK(families[0].samples[1].value == 5);
}

TEST_CASE("threads add up") {
    Metrics metrics;
    Gauge& gauge = metrics.gauge("shadowcat_children", "Children");
    std::thread other([&] {
        for (int i = 0; i < 1000; ++i)
            gauge.add();
    });
    for (int i = 0; i < 400; ++i)
        gauge.subtract();
    other.join();
    CHECK(gauge.value() == 600);
}

TEST_CASE("durations fall into cumulative buckets") {
    Histogram histogram;
    histogram.observe(std::chrono::microseconds(40));
    histogram.observe(std::chrono::milliseconds(3));
    histogram.observe(std::chrono::seconds(100));
    const auto counts = histogram.cumulative();
    CHECK(counts.front() == 1);
    CHECK(counts[6] == 2);
    CHECK(counts[15] == 2);
    CHECK(counts.back() == 3);
    CHECK(histogram.sum_seconds() == doctest::Approx(100.00304));
}

TEST_CASE("one name, one type") {
    Metrics metrics;
    metrics.counter("a", "");
    CHECK_THROWS_AS(metrics.gauge("a", ""), std::logic_error);
}
