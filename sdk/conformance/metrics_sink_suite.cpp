// SPDX-License-Identifier: Apache-2.0
// Contract of metrics sinks: start, expose, stop, and leave nothing.
#include "shadowcat/sdk/metrics_sink.hpp"

#include "footprint.hpp"
#include "stage.hpp"
#include "subject.hpp"

#include <doctest/doctest.h>

#include <map>
#include <thread>

using namespace shadowcat;
using namespace shadowcat::contract;

namespace {

class ScrapeHost final : public sdk::MetricsHost {
public:
    const sdk::Metrics& metrics() const noexcept override { return registry; }
    bool publish(std::string path, std::function<sdk::Page()> render) override {
        return pages.emplace(std::move(path), std::move(render)).second;
    }

    sdk::Metrics registry;
    std::map<std::string, std::function<sdk::Page()>> pages;
};

/// A sink on a host with some values.
class ScrapeScene {
public:
    ScrapeScene() {
        host.registry.counter("shadowcat_contract_total", "A counter", {{"kind", "x"}}).add(3);
        host.registry.gauge("shadowcat_contract_level", "A gauge").add(4);
        host.registry.histogram("shadowcat_contract_seconds", "A histogram")
            .observe(std::chrono::milliseconds(7));
        sink = subject().make<sdk::MetricsSink>(subject().config(), stage.worker());
    }
    sdk::Result<void> start() { return stage.get(sink->start(host), "MetricsSink::start"); }
    void stop() { stage.run(sink->stop(), "MetricsSink::stop"); }

    Stage stage;
    ScrapeHost host;
    std::unique_ptr<sdk::MetricsSink> sink;
};

void read_often(const std::function<sdk::Page()>& render) {
    for (int i = 0; i < 200; ++i)
        render();
}

}  // namespace

TEST_SUITE("metrics_sink") {
    TEST_CASE("it starts, stops, and leaves nothing") {
        const Footprint before = Footprint::now();
        {
            ScrapeScene scene;
            const auto started = scene.start();
            if (started.has_error()) FAIL_CHECK(started.error().message());
            scene.stop();
        }
        CHECK(Footprint::now() == before);
    }

    TEST_CASE("its pages show the registry") {
        ScrapeScene scene;
        REQUIRE(scene.start().has_value());
        for (const auto& [path, render] : scene.host.pages) {
            const sdk::Page page = render();
            CHECK(path.starts_with('/'));
            CHECK(page.status == 200);
            CHECK_FALSE(page.content_type.empty());
            CHECK(page.body.find("shadowcat_contract_total") != std::string::npos);
        }
        scene.stop();
    }

    TEST_CASE("its pages may be read on several threads while values change") {
        ScrapeScene scene;
        REQUIRE(scene.start().has_value());
        for (const auto& [path, render] : scene.host.pages) {
            std::thread one(read_often, render), other(read_often, render);
            for (int i = 0; i < 1000; ++i)
                scene.host.registry.counter("shadowcat_contract_total", "A counter").add();
            one.join();
            other.join();
        }
        scene.stop();
    }

    TEST_CASE("a page whose path is taken is a failed start") {
        ScrapeScene first;
        REQUIRE(first.start().has_value());
        if (!first.host.pages.empty()) {
            const auto again =
                subject().make<sdk::MetricsSink>(subject().config(), first.stage.worker());
            const auto second = first.stage.get(again->start(first.host), "MetricsSink::start");
            CHECK(second.has_error());
        }
        first.stop();
    }
}
