// SPDX-License-Identifier: Apache-2.0
// access_log as the core uses it: many workers, one file.
#include "access_log.hpp"

#include "shadowcat/sdk/spawn.hpp"

#include "scratch.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <optional>

using namespace shadowcat;
using access_log::AccessLog;
using access_log::Options;
using access_log::Scratch;

namespace {

Options sink_options(const sdk::Json& value) {
    std::vector<sdk::ConfigError> errors;
    const sdk::Json checked = sdk::validate(Options::schema(), value, "", errors);
    REQUIRE(errors.empty());
    return Options(checked);
}

class Scene {
public:
    explicit Scene(const sdk::Json& config)
        : sink(std::in_place, sink_options(config), sdk::ExchangeSinkContext(worker, metrics)) {}

    sdk::Result<void> start() {
        std::optional<sdk::Result<void>> outcome;
        run(start_into(*sink, outcome));
        return outcome.value();
    }
    void stop() { run(sink->stop()); }

    sdk::Worker worker;
    sdk::Metrics metrics;
    std::optional<AccessLog> sink;

private:
    static sdk::awaitable<> start_into(AccessLog& sink, std::optional<sdk::Result<void>>& outcome) {
        outcome = co_await sink.start();
    }
    void run(sdk::awaitable<> task) {
        worker.context().restart();
        sdk::spawn_logged(worker, std::move(task), "test");
        worker.run();
    }
};

sdk::ExchangeRecord record(std::string_view method) {
    sdk::ExchangeRecord out;
    out.started = std::chrono::system_clock::now();
    out.method = method;
    out.outcome = "result";
    return out;
}

}  // namespace

TEST_CASE("what every worker reports is in the file, one valid line each") {
    const Scratch scratch;
    Scene scene(sdk::Json{{"path", scratch.path()}});
    REQUIRE(scene.start().has_value());
    std::vector<std::thread> workers;
    for (int i = 0; i < 4; ++i)
        workers.emplace_back([&] {
            for (int n = 0; n < 1000; ++n)
                scene.sink->on_exchange(record("tools/list"));
        });
    for (std::thread& each : workers)
        each.join();
    scene.stop();
    const auto lines = Scratch::lines(scratch.path());
    CHECK(lines.size() == 4000);
    CHECK(std::ranges::all_of(lines, [](const std::string& line) {
        return sdk::Json::parse(line, nullptr, false).value("method", "") == "tools/list";
    }));
}

TEST_CASE("a path that can't be opened fails the start as a mistake of the configuration") {
    const Scratch scratch;
    Scene scene(sdk::Json{{"path", scratch.path("no/dir/access.log")}});
    const auto started = scene.start();
    REQUIRE(started.has_error());
    CHECK(started.error().code() == sdk::ErrorCode::config);
    CHECK(started.error().message().find(scratch.path("no/dir/access.log")) != std::string::npos);
    scene.stop();
}

TEST_CASE("a sink that is never stopped writes its lines all the same when it goes") {
    const Scratch scratch;
    Scene scene(sdk::Json{{"path", scratch.path()}, {"fields", {"method"}}});
    REQUIRE(scene.start().has_value());
    scene.sink->on_exchange(record("ping"));
    scene.sink.reset();
    CHECK(Scratch::text(scratch.path()) == "{\"method\":\"ping\"}\n");
}

TEST_CASE("reopen and a second stop do no harm at any time") {
    const Scratch scratch;
    Scene scene(sdk::Json{{"path", scratch.path()}});
    scene.sink->reopen();
    REQUIRE(scene.start().has_value());
    scene.stop();
    scene.stop();
    scene.sink->reopen();
    CHECK(Scratch::text(scratch.path()).empty());
}
