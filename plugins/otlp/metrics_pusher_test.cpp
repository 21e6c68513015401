// SPDX-License-Identifier: Apache-2.0
// What a collector sees of the registry over time: while all is well, while it isn't, at the end.
#include "metrics_pusher.hpp"

#include "shadowcat/sdk/spawn.hpp"

#include "testing/captured_log.hpp"
#include "testing/collector.hpp"
#include "testing/run_until.hpp"
#include "testing/settings.hpp"

#include <doctest/doctest.h>

using namespace shadowcat;
using namespace shadowcat::otlp;
using namespace shadowcat::otlp::testing;
using sdk::Json;

namespace {

class Host final : public sdk::MetricsHost {
public:
    const sdk::Metrics& metrics() const noexcept override { return registry; }
    bool publish(std::string, std::function<sdk::Page()>) override { return false; }

    sdk::Metrics registry;
};

Answer accept_push(const Received&) { return Answer::ok(); }

class PusherScene {
public:
    explicit PusherScene(Collector::Script script, Json given = Json::object())
        : collector(worker, std::move(script)) {
        given.emplace("endpoint", collector.url());
        given.emplace("timeout_secs", 1);
        sink = std::make_unique<MetricsPusher>(settings(MetricsPusher::schema(), given), worker);
    }

    void start() {
        std::optional<sdk::Result<void>> outcome;
        sdk::spawn_logged(worker, start_sink(outcome), "test.start");
        REQUIRE(run_until(worker, [&] { return outcome.has_value(); }));
        CHECK(outcome->has_value());
    }

    void stop() {
        bool stopped = false;
        sdk::spawn_logged(worker, stop_sink(stopped), "test.stop");
        REQUIRE(run_until(worker, [&] { return stopped; }));
    }

    bool wait_for(std::size_t requests) {
        return run_until(worker, [&] { return collector.received.size() >= requests; });
    }

    /// The metric's data in the request of that number; null when it isn't there.
    Json metric(std::size_t request, const std::string& name) const {
        const Json body = collector.received.at(request).json();
        for (const Json& each : body["resourceMetrics"][0]["scopeMetrics"][0]["metrics"])
            if (each["name"] == name) return each;
        return Json();
    }

    sdk::Worker worker;
    Host host;
    Collector collector;
    std::unique_ptr<MetricsPusher> sink;

private:
    sdk::awaitable<> start_sink(std::optional<sdk::Result<void>>& outcome) {
        outcome = co_await sink->start(host);
    }
    sdk::awaitable<> stop_sink(bool& stopped) {
        co_await sink->stop();
        stopped = true;
    }
};

Json value_of(const Json& metric) { return metric["sum"]["dataPoints"][0]["asInt"]; }

}  // namespace

TEST_CASE("every interval the present values are posted, with the resource") {
    PusherScene scene(accept_push, {{"interval_secs", 1}, {"service_name", "edge"}});
    sdk::Counter& counter = scene.host.registry.counter("shadowcat_x_total", "X");
    counter.add(5);
    scene.start();
    REQUIRE(scene.wait_for(1));
    counter.add(2);
    REQUIRE(scene.wait_for(2));
    CHECK(scene.collector.received[0].first_line() == "POST /v1/metrics HTTP/1.1");
    CHECK(value_of(scene.metric(0, "shadowcat_x_total")) == "5");
    CHECK(value_of(scene.metric(1, "shadowcat_x_total")) == "7");
    CHECK(scene.collector.received[0].body.find("edge") != std::string::npos);
    const Json first = scene.metric(0, "shadowcat_x_total")["sum"]["dataPoints"][0];
    const Json second = scene.metric(1, "shadowcat_x_total")["sum"]["dataPoints"][0];
    CHECK(first["startTimeUnixNano"] == second["startTimeUnixNano"]);
    CHECK(first["timeUnixNano"].get<std::string>() < second["timeUnixNano"].get<std::string>());
    scene.stop();
}

TEST_CASE("the end is a last push, without waiting for the interval") {
    PusherScene scene(accept_push, {{"interval_secs", 3600}});
    scene.host.registry.counter("shadowcat_x_total", "X").add(3);
    scene.start();
    scene.stop();
    REQUIRE(scene.collector.received.size() == 1);
    CHECK(value_of(scene.metric(0, "shadowcat_x_total")) == "3");
}

TEST_CASE("a collector that is away is one line, and one more when it is back") {
    PusherScene scene(accept_push, {{"interval_secs", 1}});
    scene.collector.stop();
    const CapturedLog log;
    scene.start();
    REQUIRE(run_until(scene.worker, [&] { return log.count("otlp collector not available") > 0; }));
    CHECK(log.count("Connection refused") == 1);
    CHECK(log.count("signal=metrics") == 1);
    scene.collector.resume();
    REQUIRE(
        run_until(scene.worker, [&] { return log.count("otlp collector takes data again") > 0; }));
    CHECK(scene.metric(0, "shadowcat_otlp_exports_total")["sum"]["dataPoints"].size() == 3);
    scene.stop();
    CHECK(log.count("otlp collector") == 2);
}

TEST_CASE("a collector that is away does not hold up the end") {
    PusherScene scene(accept_push, {{"interval_secs", 3600}, {"timeout_secs", 300}});
    scene.collector.stop();
    scene.start();
    scene.stop();
    CHECK(scene.collector.received.empty());
}

TEST_CASE("a silent collector can't hold up the end for longer than timeout_secs") {
    PusherScene scene([](const Received&) { return Answer::silence(); }, {{"interval_secs", 3600}});
    scene.start();
    scene.stop();
    CHECK(scene.collector.received.size() == 1);
}

TEST_CASE("a collector that refuses is said so, and pushed to at the next interval") {
    int requests = 0;
    PusherScene scene(
        [&](const Received&) {
            if (++requests > 1) return Answer::ok();
            return Answer::json("401 Unauthorized", R"({"message":"no token"})");
        },
        {{"interval_secs", 1}});
    const CapturedLog log;
    scene.start();
    REQUIRE(scene.wait_for(2));
    scene.stop();
    CHECK(log.count("otlp collector refuses data") == 1);
    CHECK(log.count("status 401: no token") == 1);
    CHECK(log.count("otlp collector takes data again") == 1);
}

TEST_CASE("a sink that was never started ends at once") {
    PusherScene scene(accept_push);
    scene.stop();
    CHECK(scene.collector.received.empty());
}
