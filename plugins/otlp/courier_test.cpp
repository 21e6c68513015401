// SPDX-License-Identifier: Apache-2.0
// One attempt after the other: what is counted, how long the pauses are, how it is cut short.
#include "courier.hpp"

#include "shadowcat/sdk/spawn.hpp"

#include "testing/collector.hpp"
#include "testing/run_until.hpp"
#include "testing/settings.hpp"

#include <doctest/doctest.h>

using namespace shadowcat;
using namespace shadowcat::otlp;
using namespace shadowcat::otlp::testing;

namespace {

class CourierScene {
public:
    explicit CourierScene(Collector::Script script)
        : collector(worker, std::move(script)),
          options(settings(ExporterOptions::schema(),
                           {{"endpoint", collector.url()}, {"timeout_secs", 300}})),
          courier(worker, options, "traces", metrics) {}

    void begin() { sdk::spawn_logged(worker, deliver(), "test.deliver"); }

    Verdict end() {
        REQUIRE(run_until(worker, [&] { return verdict.has_value(); }));
        return *std::exchange(verdict, std::nullopt);
    }

    std::int64_t count(const char* outcome) {
        return metrics
            .counter("shadowcat_otlp_exports_total", "",
                     {{"signal", "traces"}, {"outcome", outcome}})
            .value();
    }

    sdk::Worker worker;
    sdk::Metrics metrics;
    Collector collector;
    ExporterOptions options;
    Courier courier;
    std::optional<Verdict> verdict;

private:
    sdk::awaitable<> deliver() { verdict = co_await courier.deliver("{}"); }
};

}  // namespace

TEST_CASE("each attempt is counted, and pauses grow until one succeeds") {
    int requests = 0;
    CourierScene scene([&](const Received&) {
        ++requests;
        if (requests <= 3) return Answer::close();
        return requests == 4 ? Answer::ok() : Answer::json("400 Bad Request", "{}");
    });
    std::vector<sdk::Duration> pauses;
    for (int i = 0; i < 3; ++i) {
        scene.begin();
        CHECK(scene.end().kind == Verdict::Kind::later);
        pauses.push_back(scene.courier.pause());
    }
    CHECK(pauses[0] <= std::chrono::seconds(1));
    CHECK(pauses[2] >= std::chrono::seconds(2));
    scene.begin();
    CHECK(scene.end().kind == Verdict::Kind::accepted);
    scene.begin();
    CHECK(scene.end().kind == Verdict::Kind::refused);
    CHECK(scene.count("failed") == 3);
    CHECK(scene.count("accepted") == 1);
    CHECK(scene.count("refused") == 1);
}

TEST_CASE("who is in a hurry waits no longer, neither for what is under way nor for what follows") {
    CourierScene scene([](const Received&) { return Answer::silence(); });
    scene.begin();
    REQUIRE(run_until(scene.worker, [&] { return scene.collector.received.size() == 1; }));
    CHECK(scene.courier.has_time());
    scene.courier.hurry(sdk::Clock::now());
    CHECK_FALSE(scene.courier.has_time());
    CHECK(scene.end().reason == "no answer in time");
    scene.begin();
    CHECK(scene.end().reason == "no answer in time");
}
