// SPDX-License-Identifier: Apache-2.0
// The sink `prometheus`: a page for scrapers.
#pragma once

#include "shadowcat/sdk/metrics_sink.hpp"

#include <string>

namespace shadowcat::metrics {

class PrometheusSink final : public sdk::MetricsSink {
public:
    static sdk::Schema schema();

    /// Throws `std::invalid_argument` when `path` in `config` is no path.
    explicit PrometheusSink(const sdk::Json& config);

    sdk::awaitable<sdk::Result<void>> start(sdk::MetricsHost& host) override;
    sdk::awaitable<> stop() override;

private:
    std::string path_;
};

}  // namespace shadowcat::metrics
