// SPDX-License-Identifier: Apache-2.0
// Contract of exchange sinks: take whatever comes from any thread, never wait, and leave nothing.
#include "shadowcat/sdk/exchange_sink.hpp"

#include "footprint.hpp"
#include "stage.hpp"
#include "subject.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <thread>
#include <vector>

using namespace shadowcat;
using namespace shadowcat::contract;

namespace {

constexpr int kThreads = 4;
constexpr int kRecordsEach = 250;

std::size_t threads() {
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& entry :
         std::filesystem::directory_iterator("/proc/self/task"))
        ++count;
    return count;
}

/// A sink on worker 0.
class SinkScene {
public:
    explicit SinkScene(const sdk::Json& config = subject().config())
        : sink(subject().make<sdk::ExchangeSink>(
              config, sdk::ExchangeSinkContext(stage.worker(), metrics))) {}

    sdk::Result<void> start() { return stage.get(sink->start(), "ExchangeSink::start"); }
    void stop() { stage.run(sink->stop(), "ExchangeSink::stop"); }

    sdk::Metrics metrics;
    Stage stage;
    std::unique_ptr<sdk::ExchangeSink> sink;
};

/// Keeps the texts that a record only views.
class Exchange {
public:
    explicit Exchange(int number) : session_("s" + std::to_string(number)) {
        record.started = std::chrono::system_clock::now();
        record.elapsed = std::chrono::microseconds(1234 + number);
        record.first_reply = std::chrono::microseconds(1000);
        record.session = session_;
        record.peer = "127.0.0.1:50000";
        record.method = number % 2 == 0 ? "tools/call" : "resources/read";
        record.name = number % 2 == 0 ? "echo" : "file:///a";
        record.upstream = "contract";
        record.outcome = number % 3 == 0 ? "error" : "result";
        record.status = 200;
        record.attempts = 1;
        record.bytes_in = 100;
        record.bytes_out = 1000;
        record.trace = sdk::TraceContext::fresh(true);
    }

    sdk::ExchangeRecord record;

private:
    std::string session_;
};

void report(sdk::ExchangeSink& sink, int first) {
    for (int i = first; i < first + kRecordsEach; ++i) {
        const Exchange exchange(i);
        sink.on_exchange(exchange.record);
    }
}

/// A thousand records from several threads at once, with a reopen in the midst of them.
void report_from_threads(sdk::ExchangeSink& sink) {
    std::vector<std::thread> workers;
    for (int i = 0; i < kThreads; ++i)
        workers.emplace_back([&sink, i] { report(sink, i * kRecordsEach); });
    sink.reopen();
    for (std::thread& worker : workers)
        worker.join();
}

/// Records as no client of good will causes them.
std::vector<sdk::ExchangeRecord> unusual_records() {
    static const std::string long_text(100'000, 'x');
    sdk::ExchangeRecord nothing, hostile, huge;
    hostile.session = hostile.principal = hostile.peer = "\"}\n{\"forged\":true}\r\n\x1b[2J";
    hostile.method = hostile.name = hostile.reason = std::string_view("\0\xff\xc3\x80", 4);
    huge.method = huge.name = huge.principal = huge.upstream = long_text;
    huge.bytes_in = huge.bytes_out = UINT64_MAX;
    huge.attempts = UINT32_MAX;
    huge.status = huge.error_code = INT32_MIN;
    huge.elapsed = huge.first_reply = sdk::Duration::max();
    return {nothing, hostile, huge};
}

}  // namespace

TEST_SUITE("exchange_sink") {
    TEST_CASE("it starts, takes a thousand records from several threads, stops, leaves nothing") {
        const Footprint before = Footprint::now();
        const std::size_t threads_before = threads();
        {
            SinkScene scene;
            const auto started = scene.start();
            if (started.has_error()) FAIL_CHECK(started.error().message());
            // The worker doesn't run meanwhile: what waited for it would wait for ever.
            report_from_threads(*scene.sink);
            scene.stop();
        }
        CHECK(Footprint::now().beyond(before) == "");
        Stage stage;  // a thread that was joined may be listed a moment longer
        CHECK(stage.until([&] { return threads() <= threads_before; }));
    }

    TEST_CASE("records without content, with hostile and with huge content are taken") {
        SinkScene scene;
        REQUIRE(scene.start().has_value());
        for (const sdk::ExchangeRecord& record : unusual_records())
            scene.sink->on_exchange(record);
        scene.stop();
    }

    TEST_CASE("more than it can keep is no reason to wait") {
        SinkScene scene;
        REQUIRE(scene.start().has_value());
        const Exchange exchange(1);
        for (int i = 0; i < 100'000; ++i)
            scene.sink->on_exchange(exchange.record);
        scene.stop();
    }

    TEST_CASE("reopen is harmless at any time") {
        SinkScene scene;
        scene.sink->reopen();
        REQUIRE(scene.start().has_value());
        for (int i = 0; i < 10; ++i)
            scene.sink->reopen();
        scene.sink->on_exchange(Exchange(1).record);
        scene.stop();
    }

    TEST_CASE("a sink that was never started leaves nothing") {
        const Footprint before = Footprint::now();
        { const SinkScene never_started; }
        CHECK(Footprint::now().beyond(before) == "");
    }

    TEST_CASE("where nobody listens it fails to start or does without, and stops") {
        SinkScene scene(subject().unreachable_config());
        const auto started = scene.start();
        if (started.has_value()) report_from_threads(*scene.sink);
        scene.stop();
    }
}
