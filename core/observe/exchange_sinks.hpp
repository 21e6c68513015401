// SPDX-License-Identifier: Apache-2.0
// ExchangeSinks: the configured access logs and trace exporters, as one.
#pragma once

#include "shadowcat/sdk/exchange_sink.hpp"

#include <cstddef>
#include <memory>
#include <vector>

namespace shadowcat::core {

namespace sdk = shadowcat::sdk;

/// Owns the sinks; hands every record to each. `add` before the workers run; the rest as each
/// member says.
class ExchangeSinks {
public:
    void add(std::unique_ptr<sdk::ExchangeSink> sink);

    /// True when nobody wants to know: callers then don't even look at the clock.
    bool empty() const noexcept { return sinks_.empty(); }

    /// Whether any of them wants spans.
    bool traces() const noexcept { return traces_; }

    /// From any worker.
    void on_exchange(const sdk::ExchangeRecord& record) noexcept;

    /// On worker 0, like the following.
    void reopen() noexcept;

    /// Starts them in order; stops at the first that fails, with its error.
    sdk::awaitable<sdk::Result<void>> start();

    /// Stops those that were started, in reverse order.
    sdk::awaitable<> stop();

private:
    std::vector<std::unique_ptr<sdk::ExchangeSink>> sinks_;
    std::size_t started_ = 0;
    bool traces_ = false;
};

}  // namespace shadowcat::core
