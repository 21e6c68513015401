// SPDX-License-Identifier: Apache-2.0
// ReplyStream: where the messages go that answer one request, or that a session says by itself.
#pragma once

#include "shadowcat/sdk/asio.hpp"
#include "shadowcat/sdk/message.hpp"
#include "shadowcat/sdk/result.hpp"

#include <cstdint>
#include <string_view>
#include <utility>

namespace shadowcat::sdk::inline v1 {

/// Takes, in order, the messages that answer one client request: any number of notifications and
/// server requests, then at most one response. Implemented by listeners (onto the wire) and by the
/// core (through interceptors); called by links. The transport decides late how it looks on the
/// wire.
///
/// Back-pressure: the caller awaits each call before the next, so a slow receiver slows its own
/// exchange. All calls happen on the worker that owns the exchange.
class SHADOWCAT_API ReplyStream {
public:
    virtual ~ReplyStream() = default;

    /// Takes one message; completes when the receiver is ready for the next. After a response
    /// nothing more may be written. Fails with `closed` when the receiver has gone; the caller may
    /// then stop or go on (later calls fail alike).
    virtual awaitable<Result<void>> write(Message message) = 0;

    /// As `write`, and names the message, so that a client which loses its connection can ask for
    /// what came after it (`Last-Event-ID`). `event_id` is visible ASCII. Transports that can't
    /// resume ignore it.
    virtual awaitable<Result<void>> write_event(Message message,
                                                [[maybe_unused]] std::string_view event_id) {
        return write(std::move(message));
    }

    /// Names the stream's beginning, before any message (an event with an id and no data). Only for
    /// clients of 2025-11-25 or newer: older ones take the empty data for JSON.
    virtual awaitable<Result<void>> prime([[maybe_unused]] std::string_view event_id) {
        co_return Result<void>();
    }

    /// Ends the exchange with an error of the proxy's own. `response` is the JSON-RPC error to
    /// show; `error` lets the transport choose its status. Otherwise as `write` with a response.
    virtual awaitable<Result<void>> fail(Error error, Message response) = 0;

    /// The transport's status of what was answered, once it was: for HTTP 200, 504, …; 0 where
    /// there is none.
    virtual int status() const noexcept { return 0; }

    /// The transport's own exchange (one POST, one GET) that carries this stream, as
    /// `TransportEvent::stream`: unique on its worker; 0 where there is none.
    virtual std::uint64_t stream() const noexcept { return 0; }

    /// Fault injection: breaks the client's connection off, without an answer, as if the network
    /// had failed. Nothing may be written afterwards. Transports with one connection for everything
    /// (stdio) close it.
    virtual void sever() noexcept {}
};

}  // namespace shadowcat::sdk::inline v1
