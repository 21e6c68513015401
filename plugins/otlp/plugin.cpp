// SPDX-License-Identifier: Apache-2.0
// Offers both sinks to the loader.
#include "shadowcat/sdk/plugin.hpp"

#include "metrics_pusher.hpp"
#include "span_exporter.hpp"

namespace {

using namespace shadowcat;

std::unique_ptr<sdk::MetricsSink> make_metrics(const sdk::Json& config, sdk::Worker& worker) {
    return std::make_unique<otlp::MetricsPusher>(config, worker);
}

std::unique_ptr<sdk::ExchangeSink> make_traces(const sdk::Json& config,
                                               const sdk::ExchangeSinkContext& context) {
    return std::make_unique<otlp::SpanExporter>(config, context);
}

void register_parts(sdk::Registrar& registrar) {
    registrar.add<sdk::MetricsSink>("otlp", "pushes metrics to an OpenTelemetry collector",
                                    otlp::MetricsPusher::schema(), make_metrics);
    registrar.add<sdk::ExchangeSink>("otlp_traces", "sends spans to an OpenTelemetry collector",
                                     otlp::SpanExporter::schema(), make_traces);
}

}  // namespace

SHADOWCAT_PLUGIN("otlp", SHADOWCAT_SDK_VERSION, "OpenTelemetry export over OTLP/HTTP",
                 register_parts)
