// SPDX-License-Identifier: Apache-2.0
// Whether and when a failed request is sent again: pure decisions (duties B.15).
#pragma once

#include "shadowcat/sdk/error.hpp"

#include "core/mcp/methods.hpp"
#include "core/upstream/upstream.hpp"

#include <chrono>
#include <string_view>

namespace shadowcat::core {

/// What is known when an attempt has failed.
class FailedAttempt {
public:
    FailedAttempt() = default;

    mcp::Retry method = mcp::Retry::never;
    bool tool_repeatable = false;  ///< annotated read-only or idempotent, by a trusted server
    bool continues_input = false;  ///< carries `inputResponses` or `requestState`
    bool reply_begun = false;      ///< a message of the reply was given to the client
    bool client_gone = false;      ///< it cancelled, or its connection is lost
    bool elsewhere = false;        ///< another upstream could take the request
    std::size_t attempts = 1;      ///< this one included
    std::size_t max_attempts = 1;
};

enum class Advice : std::uint8_t {
    give_up,  ///< another attempt wouldn't help, or nobody wants it
    unsafe,   ///< it might help, but the server may have done what was asked
    again
};

/// The table. `error` is how the attempt ended.
Advice advise(const FailedAttempt& attempt, const sdk::Error& error) noexcept;

/// Whether the text of a request continues an earlier one: such a request is never repeated.
bool continues_input(std::string_view request) noexcept;

/// The pause before attempt number `attempts + 1`: doubling, and jittered by `random` (0 … 1) to
/// between half and one and a half times as much.
std::chrono::milliseconds pause_before_retry(const RetrySettings& settings, std::size_t attempts,
                                             double random) noexcept;

/// What a failed call says about its upstream.
CallVerdict judge(const sdk::Error& error) noexcept;

}  // namespace shadowcat::core
