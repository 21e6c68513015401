// SPDX-License-Identifier: Apache-2.0
// What a collector sees of the requests, and what the counters say of the rest.
#include "span_exporter.hpp"

#include "shadowcat/sdk/spawn.hpp"

#include "testing/captured_log.hpp"
#include "testing/collector.hpp"
#include "testing/run_until.hpp"
#include "testing/settings.hpp"

#include <doctest/doctest.h>

#include <set>
#include <thread>

using namespace shadowcat;
using namespace shadowcat::otlp;
using namespace shadowcat::otlp::testing;
using sdk::Json;

namespace {

Answer accept_spans(const Received&) { return Answer::ok(); }

class ExporterScene {
public:
    explicit ExporterScene(Collector::Script script, Json given = Json::object())
        : collector(worker, std::move(script)) {
        given.emplace("endpoint", collector.url());
        given.emplace("timeout_secs", 1);
        given.emplace("flush_interval_secs", 3600);
        const sdk::ExchangeSinkContext context(worker, metrics);
        sink = std::make_unique<SpanExporter>(settings(SpanExporter::schema(), given), context);
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

    /// `count` finished requests.
    void finish(int count, bool sampled = true) {
        for (int i = 0; i < count; ++i) {
            sdk::ExchangeRecord record;
            record.method = "tools/call";
            record.name = "echo";
            record.outcome = "result";
            record.trace = sdk::TraceContext::fresh(sampled);
            sink->on_exchange(record);
        }
    }

    bool wait_for(std::size_t requests) {
        return run_until(worker, [&] { return collector.received.size() >= requests; });
    }

    bool wait_until_exported(std::int64_t spans) {
        return run_until(worker,
                         [&] { return count("shadowcat_otlp_spans_exported_total") >= spans; });
    }

    /// The sum of a counter's series, or the one with this reason.
    std::int64_t count(const std::string& name, const std::string& reason = {}) const {
        std::int64_t sum = 0;
        for (const sdk::MetricFamily& family : metrics.snapshot()) {
            if (family.name != name) continue;
            for (const sdk::Sample& sample : family.samples)
                if (reason.empty() || sample.labels.at(0).second == reason) sum += sample.value;
        }
        return sum;
    }
    std::int64_t dropped(const std::string& reason = {}) const {
        return count("shadowcat_otlp_spans_dropped_total", reason);
    }
    std::int64_t exported() const { return count("shadowcat_otlp_spans_exported_total"); }

    std::size_t spans_in(std::size_t request) const { return spans(request).size(); }
    Json spans(std::size_t request) const {
        return collector.received.at(request).json()["resourceSpans"][0]["scopeSpans"][0]["spans"];
    }

    sdk::Worker worker;
    sdk::Metrics metrics;
    Collector collector;
    std::unique_ptr<SpanExporter> sink;

private:
    sdk::awaitable<> start_sink(std::optional<sdk::Result<void>>& outcome) {
        outcome = co_await sink->start();
    }
    sdk::awaitable<> stop_sink(bool& stopped) {
        co_await sink->stop();
        stopped = true;
    }
};

}  // namespace

TEST_CASE("a full batch is sent at once, what is left over at the end") {
    ExporterScene scene(accept_spans, {{"max_batch", 4}});
    CHECK(scene.sink->traces());
    scene.start();
    scene.finish(6);
    REQUIRE(scene.wait_until_exported(4));
    CHECK(scene.collector.received.at(0).first_line() == "POST /v1/traces HTTP/1.1");
    CHECK(scene.spans_in(0) == 4);
    CHECK(scene.spans(0)[0]["name"] == "tools/call echo");
    CHECK(scene.count("shadowcat_otlp_spans_queued") == 2);
    scene.stop();
    REQUIRE(scene.collector.received.size() == 2);
    CHECK(scene.spans_in(1) == 2);
    CHECK(scene.exported() == 6);
    CHECK(scene.count("shadowcat_otlp_spans_queued") == 0);
    CHECK(scene.dropped() == 0);
}

TEST_CASE("few spans are sent after the flush interval") {
    ExporterScene scene(accept_spans, {{"flush_interval_secs", 1}});
    scene.start();
    scene.finish(3);
    REQUIRE(scene.wait_for(1));
    CHECK(scene.spans_in(0) == 3);
    scene.stop();
    CHECK(scene.collector.received.size() == 1);
}

TEST_CASE("the end sends many batches") {
    ExporterScene scene(accept_spans, {{"max_batch", 100}, {"max_queue", 1000}});
    scene.finish(1000);  // before anything could be sent
    scene.start();
    scene.stop();
    CHECK(scene.collector.received.size() == 10);
    CHECK(scene.collector.connections == 1);
    CHECK(scene.exported() == 1000);
}

TEST_CASE("a full queue drops and counts what comes later") {
    ExporterScene scene(accept_spans, {{"max_queue", 4}, {"max_batch", 100}});
    scene.finish(10);
    CHECK(scene.dropped("queue_full") == 6);
    scene.start();
    scene.stop();
    CHECK(scene.exported() == 4);
}

TEST_CASE("only what is sampled is sent") {
    ExporterScene scene(accept_spans, {{"max_batch", 2}});
    scene.start();
    scene.finish(5, false);
    scene.sink->on_exchange(sdk::ExchangeRecord());
    scene.stop();
    CHECK(scene.collector.received.empty());
}

TEST_CASE("workers may finish requests at the same time") {
    ExporterScene scene(accept_spans, {{"max_batch", 50}});
    scene.start();
    std::vector<std::thread> workers;
    for (int i = 0; i < 4; ++i)
        workers.emplace_back([&] { scene.finish(100); });
    for (std::thread& each : workers)
        each.join();
    REQUIRE(scene.wait_until_exported(400));
    scene.stop();
    std::set<std::string> ids;
    for (std::size_t i = 0; i < scene.collector.received.size(); ++i)
        for (const Json& span : scene.spans(i))
            ids.insert(span["spanId"]);
    CHECK(ids.size() == 400);
}

TEST_CASE("a collector that is overloaded gets the same batch when it asked for it") {
    int requests = 0;
    ExporterScene scene(
        [&](const Received&) {
            if (++requests > 1) return Answer::ok();
            return Answer::json("503 Service Unavailable", "", "Retry-After: 1\r\n");
        },
        {{"max_batch", 3}});
    const CapturedLog log;
    scene.start();
    scene.finish(3);
    REQUIRE(scene.wait_until_exported(3));
    REQUIRE(scene.collector.received.size() == 2);
    CHECK(scene.collector.received[0].body == scene.collector.received[1].body);
    scene.stop();
    CHECK(log.count("status 503") == 1);
    CHECK(log.count("otlp collector takes data again") == 1);
    CHECK(scene.dropped() == 0);
}

TEST_CASE("a batch that is refused is dropped, and the next one sent") {
    int requests = 0;
    ExporterScene scene(
        [&](const Received&) {
            if (++requests > 2) return Answer::ok();
            return Answer::json("400 Bad Request", R"({"code":3,"message":"bad span"})");
        },
        {{"max_batch", 3}});
    const CapturedLog log;
    scene.start();
    scene.finish(3);
    REQUIRE(scene.wait_for(1));
    scene.finish(3);
    REQUIRE(scene.wait_for(2));
    scene.finish(3);
    REQUIRE(scene.wait_until_exported(3));
    scene.stop();
    CHECK(scene.dropped("refused") == 6);
    CHECK(log.count("otlp collector refuses data") == 1);
    CHECK(log.count("status 400: bad span") == 1);
}

TEST_CASE("what is rejected out of a batch is counted and not sent again") {
    ExporterScene scene(
        [](const Received&) {
            return Answer::json(
                "200 OK", R"({"partialSuccess":{"rejectedSpans":"2","errorMessage":"too old"}})");
        },
        {{"max_batch", 3}});
    const CapturedLog log;
    scene.start();
    scene.finish(3);
    REQUIRE(scene.wait_until_exported(1));
    scene.stop();
    CHECK(scene.count("shadowcat_otlp_spans_rejected_total") == 2);
    CHECK(scene.collector.received.size() == 1);
    CHECK(log.count("too old") == 1);
}

TEST_CASE("a collector that is away or hangs up gets the batch when it is back") {
    bool hang_up = true;
    ExporterScene scene([&](const Received&) { return hang_up ? Answer::close() : Answer::ok(); },
                        {{"max_batch", 3}});
    scene.collector.stop();
    const CapturedLog log;
    scene.start();
    scene.finish(3);
    REQUIRE(run_until(scene.worker, [&] { return log.count("Connection refused") > 0; }));
    scene.collector.resume();
    REQUIRE(scene.wait_for(1));
    hang_up = false;
    REQUIRE(scene.wait_until_exported(3));
    scene.stop();
    CHECK(log.count("otlp collector") == 2);
    CHECK(scene.dropped() == 0);
}

TEST_CASE("a batch is not repeated for ever") {
    ExporterScene scene([](const Received&) { return Answer::close(); },
                        {{"max_batch", 3}, {"retry_secs", 0}});
    scene.start();
    scene.finish(3);
    REQUIRE(run_until(scene.worker, [&] { return scene.dropped("gave_up") == 3; }));
    CHECK(scene.collector.received.size() == 1);
    scene.stop();
}

TEST_CASE("neither a silent nor an absent collector holds up the end, and the loss is counted") {
    ExporterScene silent([](const Received&) { return Answer::silence(); },
                         {{"max_batch", 3}, {"max_queue", 9}});
    silent.start();
    silent.finish(9);
    REQUIRE(silent.wait_for(1));
    silent.stop();
    CHECK(silent.dropped("stopped") == 9);

    ExporterScene absent(accept_spans, {{"max_batch", 3}, {"max_queue", 9}, {"timeout_secs", 300}});
    absent.collector.stop();
    absent.start();
    absent.finish(9);
    absent.stop();
    CHECK(absent.dropped("stopped") == 9);
    CHECK(absent.count("shadowcat_otlp_spans_queued") == 0);
}

TEST_CASE("a collector that asked for a pause is asked once more at the end") {
    ExporterScene scene(
        [](const Received&) {
            return Answer::json("429 Too Many Requests", "", "Retry-After: 3600\r\n");
        },
        {{"max_batch", 3}});
    scene.start();
    scene.finish(3);
    REQUIRE(run_until(scene.worker,
                      [&] { return scene.count("shadowcat_otlp_exports_total", "traces") > 0; }));
    scene.stop();
    CHECK(scene.collector.received.size() == 2);
    CHECK(scene.dropped("stopped") == 3);
}
