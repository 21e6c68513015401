// SPDX-License-Identifier: Apache-2.0
// Offers the metrics sinks to the loader.
#include "shadowcat/sdk/plugin.hpp"

#include "prometheus_sink.hpp"

namespace {

using namespace shadowcat;

std::unique_ptr<sdk::MetricsSink> make_prometheus(const sdk::Json& config, sdk::Worker&) {
    return std::make_unique<metrics::PrometheusSink>(config);
}

void register_parts(sdk::Registrar& registrar) {
    registrar.add<sdk::MetricsSink>("prometheus", "a page in Prometheus's text format",
                                    metrics::PrometheusSink::schema(), make_prometheus);
}

}  // namespace

SHADOWCAT_PLUGIN("metrics", SHADOWCAT_SDK_VERSION, "metrics sinks", register_parts)
