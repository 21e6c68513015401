// SPDX-License-Identifier: Apache-2.0
// exchange_heads: one HTTP request to an upstream, up to the head of its answer.
#pragma once

#include "shadowcat/sdk/message.hpp"

#include "upstream_pool.hpp"
#include "upstream_request.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace shadowcat::http {

/// What to send. The texts, and what it refers to, outlive the exchange.
class HttpRequest {
public:
    enum class Method : std::uint8_t { post, get, remove };

    HttpRequest(Method with, Use what_for, const RequestHeads& from)
        : method(with), use(what_for), heads(from) {}

    Method method;
    Use use;
    const RequestHeads& heads;
    std::string_view body;              ///< of a POST
    std::string_view traceparent;       ///< of the message in the body; empty without one
    std::optional<std::string> mirror;  ///< of a stateless message: the lines that mirror the body
    std::string_view last_event_id;     ///< for a GET
    std::optional<Duration> limit;  ///< for all that follows on the connection, connecting apart
    std::string_view session;       ///< its label, for observers
    std::uint64_t stream = 0;       ///< the client's exchange that caused it, for observers
    bool repeatable = false;        ///< may be sent again although the server may have seen it
};

/// The trace that `message` belongs to, as a header may carry it; empty without one.
std::string_view trace_of(const Message& message);

/// Sends `request` over a connection of `pool` and reads the answer's head. When a kept connection
/// turns out to be closed before any byte of an answer came, tries again, once, on a new one, if
/// nothing was sent or the request is repeatable. Fails with the reason of `interrupt`, or
/// `unreachable`, `timed_out`, `unavailable`, `crashed`, `protocol`; `nothing_sent` tells the
/// truth.
awaitable<Result<ConnectionLease>> exchange_heads(UpstreamPool& pool, HttpRequest request,
                                                  Interrupt& interrupt);

}  // namespace shadowcat::http
