// SPDX-License-Identifier: Apache-2.0
// MetricsSink: the plugin kind that exposes or pushes the metrics registry.
#pragma once

#include "shadowcat/sdk/config.hpp"
#include "shadowcat/sdk/listener.hpp"
#include "shadowcat/sdk/metrics.hpp"
#include "shadowcat/sdk/result.hpp"
#include "shadowcat/sdk/worker.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace shadowcat::sdk::inline v1 {

/// What the core offers a sink. Outlives the sink; thread-safe.
class SHADOWCAT_API MetricsHost {
public:
    virtual ~MetricsHost() = default;

    /// The registry to read.
    virtual const Metrics& metrics() const noexcept = 0;

    /// Serves `render()` at `path` of the HTTP listener. `render` is called on any worker thread,
    /// also at the same time on several, until the sink's `stop` returned. False when the path is
    /// taken.
    virtual bool publish(std::string path, std::function<Page()> render) = 0;
};

/// Receives the metrics and exposes (pages) or pushes them. One instance per configured entry, on
/// worker 0. Order: create, `start`, `stop`, destroy.
class SHADOWCAT_API MetricsSink {
public:
    static constexpr std::string_view kKind = "metrics_sink";
    using Factory = std::function<std::unique_ptr<MetricsSink>(const Json&, Worker&)>;

    virtual ~MetricsSink() = default;

    /// Begins to expose or push. `host` outlives the sink.
    virtual awaitable<Result<void>> start(MetricsHost& host) = 0;

    /// Pushes what is left, bounded in time, and ends.
    virtual awaitable<> stop() = 0;
};

}  // namespace shadowcat::sdk::inline v1
