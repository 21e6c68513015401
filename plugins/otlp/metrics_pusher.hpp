// SPDX-License-Identifier: Apache-2.0
// The metrics sink `otlp`: pushes the registry to a collector at regular times.
#pragma once

#include "shadowcat/sdk/metrics_sink.hpp"
#include "shadowcat/sdk/wakeup.hpp"

#include "alarm.hpp"
#include "courier.hpp"
#include "exporter_options.hpp"
#include "metrics_json.hpp"

#include <memory>
#include <string>

namespace shadowcat::otlp {

/// Values are cumulative: what could not be pushed is part of the next push, so nothing is kept.
class MetricsPusher final : public sdk::MetricsSink {
public:
    static sdk::Schema schema();

    /// Throws `std::invalid_argument` naming the key that can't be used.
    MetricsPusher(const sdk::Json& config, sdk::Worker& worker);

    /// Never waits for the collector, and never fails for its sake.
    sdk::awaitable<sdk::Result<void>> start(sdk::MetricsHost& host) override;

    /// Pushes once more, within `timeout_secs`.
    sdk::awaitable<> stop() override;

private:
    sdk::awaitable<> run();
    sdk::awaitable<> push_regularly();
    sdk::awaitable<sdk::Duration> push();
    MetricsEncoder snapshot() const;

    sdk::Worker& worker_;
    ExporterOptions options_;
    sdk::Duration interval_;
    sdk::Metrics own_;  // of this sink; the host's registry is for reading only
    std::string resource_, scope_;
    Courier courier_;
    std::shared_ptr<Alarm> alarm_;  // shared as `Alarm` says
    const sdk::MetricsHost* host_ = nullptr;
    MetricsEncoder::Time started_;
    sdk::Wakeup ended_;
    bool running_ = false;
    bool stopping_ = false;
};

}  // namespace shadowcat::otlp
