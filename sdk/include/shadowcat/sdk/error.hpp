// SPDX-License-Identifier: Apache-2.0
// What can go wrong between a client and a server, in one vocabulary for all plugins.
#pragma once

#include "shadowcat/sdk/export.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace shadowcat::sdk::inline v1 {

/// The reasons a call, a session or a link can fail. A transport maps them to its own form (HTTP
/// status, line on stderr); the core maps them to JSON-RPC codes.
enum class ErrorCode : std::uint8_t {
    internal,     ///< A fault of ours.
    closed,       ///< The peer ended the connection, or this side did.
    cancelled,    ///< The client withdrew the request.
    timed_out,    ///< A configured limit of time ran out.
    unreachable,  ///< No connection: refused, command not found, name not resolved, TLS refused.
    unavailable,  ///< No capacity or no healthy upstream at the moment.
    crashed,      ///< The upstream ended in the middle of a call.
    protocol,     ///< The peer said something its protocol doesn't allow.
    parse,        ///< Not JSON, or not UTF-8, or duplicate keys, or too deep (−32700).
    invalid_request,  ///< JSON, but not a JSON-RPC 2.0 message (−32600).
    too_large,        ///< Over a configured size limit.
    unknown_session,  ///< The session id names no live session.
    session_limit,    ///< The configured number of sessions is reached.
    blocked,          ///< An interceptor or a policy refused the message.
    config,           ///< A configuration value can't be used.
    unsupported,      ///< Valid, but this part can't do it.
};

/// The name of `code` as it appears in logs and in error `data`, for example `timed_out`.
SHADOWCAT_API std::string_view name(ErrorCode code) noexcept;

/// Which side of the proxy an error comes from.
enum class ErrorSource : std::uint8_t { internal, downstream, upstream };

SHADOWCAT_API std::string_view name(ErrorSource source) noexcept;

/// An expected failure: a value, never an exception. Copyable; the text is for operators and may
/// reach clients, so it never contains secrets or payload.
class SHADOWCAT_API Error {
public:
    Error();
    [[gnu::cold]] Error(ErrorCode code, std::string message,
                        ErrorSource source = ErrorSource::internal);

    ErrorCode code() const noexcept { return code_; }
    ErrorSource source() const noexcept { return source_; }

    /// One sentence without a trailing full stop, lower case, naming the peer or key concerned.
    const std::string& message() const noexcept { return message_; }

    /// True when nothing of the request left this process: repeating it can't do harm.
    bool nothing_sent() const noexcept { return nothing_sent_; }
    Error& mark_nothing_sent() noexcept;

    /// This error with `context` and ": " in front of its message.
    Error within(std::string_view context) const;

private:
    std::string message_;
    ErrorCode code_ = ErrorCode::internal;
    ErrorSource source_ = ErrorSource::internal;
    bool nothing_sent_ = false;
};

/// For an upstream at fault.
[[gnu::cold]] SHADOWCAT_API Error upstream_error(ErrorCode code, std::string message);

/// For a client at fault.
[[gnu::cold]] SHADOWCAT_API Error downstream_error(ErrorCode code, std::string message);

}  // namespace shadowcat::sdk::inline v1
