// SPDX-License-Identifier: Apache-2.0
// ExchangeLog: gathers what the sinks shall know of one exchange.
#pragma once

#include "shadowcat/sdk/exchange_sink.hpp"
#include "shadowcat/sdk/message.hpp"

#include "core/observe/proxy_metrics.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace shadowcat::core {

class Session;

/// Made for an exchange only where a sink wants its record.
class ExchangeLog {
public:
    ExchangeLog(const Session& session, const sdk::Message& request, bool traces,
                sdk::TimePoint started);

    /// Puts the span of this exchange into the request, in the place of the client's.
    void mark(sdk::Message& request) const;

    void sent() noexcept { ++record_.attempts; }
    void server_spoke();

    /// `message` goes to the client.
    void said(const sdk::Message& message);

    /// The proxy itself answers, because of `error`.
    void failed(const sdk::Error& error);

    /// The record, complete. `session` may have changed its upstream meanwhile.
    const sdk::ExchangeRecord& finish(const Session& session, std::string_view method,
                                      Outcome outcome, int status, sdk::Duration elapsed);

private:
    void trace(std::string_view parent);

    sdk::ExchangeRecord record_;
    const sdk::TimePoint started_;
    std::string name_;
    const std::string peer_;  // the session's may change meanwhile
};

}  // namespace shadowcat::core
