// SPDX-License-Identifier: Apache-2.0
// The exchange sink `otlp_traces`: sends a span for each finished request to a collector.
#pragma once

#include "shadowcat/sdk/exchange_sink.hpp"
#include "shadowcat/sdk/wakeup.hpp"

#include "alarm.hpp"
#include "courier.hpp"
#include "exporter_options.hpp"
#include "sampler.hpp"
#include "span_queue.hpp"

#include <atomic>
#include <memory>
#include <string>
#include <vector>

namespace shadowcat::otlp {

/// Requests leave spans in a bounded queue and go on; one coroutine on worker 0 sends them in
/// batches. What doesn't fit is dropped and counted.
class SpanExporter final : public sdk::ExchangeSink {
public:
    static sdk::Schema schema();

    /// Throws `std::invalid_argument` naming the key that can't be used.
    SpanExporter(const sdk::Json& config, const sdk::ExchangeSinkContext& context);

    /// Never waits for the collector, and never fails for its sake.
    sdk::awaitable<sdk::Result<void>> start() override;

    void on_exchange(const sdk::ExchangeRecord& record) noexcept override;
    bool traces() const noexcept override { return true; }

    /// Sends what is queued, within `timeout_secs`.
    sdk::awaitable<> stop() override;

private:
    class Counters {
    public:
        explicit Counters(sdk::Metrics& metrics);
        sdk::Gauge& queued;
        sdk::Counter &exported, &rejected;
        sdk::Counter &queue_full, &refused, &gave_up, &stopped;  // dropped, by reason
    };

    sdk::awaitable<> run();
    sdk::awaitable<> send_regularly();
    sdk::awaitable<> send_rest();
    sdk::awaitable<> wait_for_batch();
    sdk::awaitable<bool> send_batch();
    sdk::awaitable<std::string> encode(std::vector<Span> spans);
    sdk::awaitable<Verdict> deliver(const std::string& request);
    void count(const Verdict& verdict, std::size_t spans);

    sdk::Worker& worker_;
    ExporterOptions options_;
    Sampler sampler_;
    std::size_t max_batch_;
    sdk::Duration flush_interval_, retry_;
    Counters counters_;
    std::string resource_, scope_;
    SpanQueue queue_;
    Courier courier_;
    std::shared_ptr<Alarm> alarm_;  // shared as `Alarm` says
    sdk::Wakeup ended_;
    bool running_ = false;
    bool stopping_ = false;
};

}  // namespace shadowcat::otlp
