// SPDX-License-Identifier: Apache-2.0
// ExchangeSink: the plugin kind that is told of every finished request: access logs, traces.
#pragma once

#include "shadowcat/sdk/asio.hpp"
#include "shadowcat/sdk/config.hpp"
#include "shadowcat/sdk/export.hpp"
#include "shadowcat/sdk/metrics.hpp"
#include "shadowcat/sdk/result.hpp"
#include "shadowcat/sdk/trace_context.hpp"
#include "shadowcat/sdk/worker.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

namespace shadowcat::sdk::inline v1 {

/// One client request from its arrival to its end. No payload, no session id, no header value.
/// Views are valid during the call that passes the record.
class ExchangeRecord {
public:
    ExchangeRecord() = default;

    std::chrono::system_clock::time_point started;
    Duration elapsed{};      ///< From arrival to the last byte given to the transport.
    Duration first_reply{};  ///< From arrival to the server's first message; 0 if none came.

    std::string_view session;    ///< A label that is safe to log; empty before there is a session.
    std::string_view principal;  ///< `ClientInfo::principal`.
    std::string_view peer;       ///< `ClientInfo::peer`.
    std::string_view method;     ///< JSON-RPC method; empty when it could not be read.
    std::string_view name;       ///< Tool, prompt or resource URI; empty when there is none.
    std::string_view upstream;   ///< The upstream that served it; empty when none did.

    /// `result`, `error` (of the server), `failed` (by the proxy), `cancelled` (by the client),
    /// `refused` (before a session took it).
    std::string_view outcome;

    /// Why the proxy failed or refused it, as `name(ErrorCode)` or the transport's own word; else
    /// empty.
    std::string_view reason;

    int status = 0;               ///< The transport's status, `ReplyStream::status`.
    int error_code = 0;           ///< JSON-RPC error code that the client got; 0 for none.
    std::uint32_t attempts = 0;   ///< How often it was sent to a server.
    std::uint64_t bytes_in = 0;   ///< Size of the client's message.
    std::uint64_t bytes_out = 0;  ///< Size of all messages that answered it.

    TraceContext trace;                  ///< This request's span; not `valid()` when not traced.
    std::array<char, 16> parent_span{};  ///< The client's span, hex; zeros (`'\0'`) without one.
};

/// What a sink is made with. The references outlive the sink.
class ExchangeSinkContext {
public:
    ExchangeSinkContext(Worker& on, Metrics& to) : worker(on), metrics(to) {}

    Worker& worker;  ///< Where `start`, `reopen` and `stop` are called: worker 0.
    Metrics& metrics;
};

/// Receives the record of every finished request. One instance per configured entry. Order: create,
/// `start`, then any time `on_exchange` and `reopen`, then `stop`, destroy.
class SHADOWCAT_API ExchangeSink {
public:
    static constexpr std::string_view kKind = "exchange_sink";

    /// As `Connector::Factory`.
    using Factory =
        std::function<std::unique_ptr<ExchangeSink>(const Json&, const ExchangeSinkContext&)>;

    virtual ~ExchangeSink() = default;

    /// Opens what it writes to. Fails with `config` or `unreachable`, naming file or URL.
    virtual awaitable<Result<void>> start() = 0;

    /// Takes one record: copies what it needs and returns at once. Called from every worker, also
    /// at the same time; never blocks, never throws. A sink that can't keep up drops and counts.
    virtual void on_exchange(const ExchangeRecord& record) noexcept = 0;

    /// Opens its file anew (log rotation), on SIGHUP and reload. Doesn't wait.
    virtual void reopen() noexcept {}

    /// True when it wants spans: requests are then traced, and `ExchangeRecord::trace` is set.
    virtual bool traces() const noexcept { return false; }

    /// Writes what is left, bounded in time, and ends. `on_exchange` is not called afterwards.
    virtual awaitable<> stop() = 0;
};

}  // namespace shadowcat::sdk::inline v1
