// SPDX-License-Identifier: Apache-2.0
// The page: where it is published, and what it says when it is asked for.
#include "prometheus_sink.hpp"

#include "shadowcat/sdk/spawn.hpp"

#include <doctest/doctest.h>

#include <map>
#include <optional>
#include <stdexcept>

using namespace shadowcat;

namespace {

class Host final : public sdk::MetricsHost {
public:
    const sdk::Metrics& metrics() const noexcept override { return registry; }
    bool publish(std::string path, std::function<sdk::Page()> render) override {
        return pages.emplace(std::move(path), std::move(render)).second;
    }

    sdk::Metrics registry;
    std::map<std::string, std::function<sdk::Page()>> pages;
};

sdk::awaitable<> start(sdk::MetricsSink& sink, sdk::MetricsHost& host,
                       std::optional<sdk::Result<void>>& outcome) {
    outcome = co_await sink.start(host);
    co_await sink.stop();
}

/// The configuration as the core hands it over: checked, defaults filled in.
sdk::Json checked(const sdk::Json& value) {
    std::vector<sdk::ConfigError> errors;
    sdk::Json out = sdk::validate(metrics::PrometheusSink::schema(), value, "metrics[0]", errors);
    REQUIRE(errors.empty());
    return out;
}

sdk::Result<void> start_on(Host& host, const sdk::Json& config) {
    sdk::Worker worker;
    metrics::PrometheusSink sink(checked(config));
    std::optional<sdk::Result<void>> outcome;
    sdk::spawn_logged(worker, start(sink, host, outcome), "test.start");
    worker.run();
    return outcome.value();
}

}  // namespace

TEST_CASE("without configuration the page is at /metrics and shows the present values") {
    Host host;
    sdk::Counter& counter = host.registry.counter("shadowcat_x_total", "X");
    REQUIRE(start_on(host, sdk::Json::object()).has_value());
    REQUIRE(host.pages.contains("/metrics"));
    counter.add(5);
    const sdk::Page page = host.pages["/metrics"]();
    CHECK(page.status == 200);
    CHECK(page.content_type == "text/plain; version=0.0.4; charset=utf-8");
    CHECK(page.body.find("process_open_fds ") != std::string::npos);
    CHECK(page.body.find("shadowcat_build_info{version=") != std::string::npos);
    CHECK(page.body.ends_with("shadowcat_x_total 5\n"));
}

TEST_CASE("the path can be configured") {
    Host host;
    REQUIRE(start_on(host, {{"path", "/internal/prom"}}).has_value());
    CHECK(host.pages.size() == 1);
    CHECK(host.pages.contains("/internal/prom"));
}

TEST_CASE("two sinks can't share a path") {
    Host host;
    REQUIRE(start_on(host, sdk::Json::object()).has_value());
    const auto second = start_on(host, sdk::Json::object());
    REQUIRE(second.has_error());
    CHECK(second.error().message() == "the path /metrics is already taken");
}

TEST_CASE("what is no path is refused") {
    for (const char* path : {"", "metrics", "/a b", "/metrics?x=1"})
        CHECK_THROWS_AS(metrics::PrometheusSink(checked({{"path", path}})), std::invalid_argument);
}
