// SPDX-License-Identifier: Apache-2.0
// Refusal: an HTTP request that is answered with an error by the listener itself.
#pragma once

#include "shadowcat/sdk/error.hpp"
#include "shadowcat/sdk/json_rpc.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace shadowcat::http {

using namespace shadowcat::sdk;

/// Why, as `shadowcat_http_refused_total{reason}` counts it.
enum class Reason : std::uint8_t {
    host,
    origin,
    plain_http,     ///< on a TLS port
    tls_handshake,  ///< it failed
    syntax,
    header_size,
    timeout,
    path,
    method,
    content_type,
    accept,
    expectation,
    body_size,
    message,
    session_missing,
    session_unknown,
    session_limit,
    protocol_version,
    header_mismatch,  ///< headers and body disagree
    stream_taken,
    event_unknown,
    stream_over,
    memory,
    connections,
    internal,
    count
};

std::string_view name(Reason reason) noexcept;

class Refusal {
public:
    /// `fields` are whole header lines that the answer has besides the usual ones.
    Refusal(int with_status, Reason why, Error text, std::string_view fields = {})
        : status(with_status), reason(why), error(std::move(text)), extra_fields(fields) {}

    /// The same, by a session or after one took the request: not for the log of those that none
    /// saw.
    Refusal within_session() && {
        in_session = true;
        return std::move(*this);
    }

    /// The same with a JSON-RPC code of its own, and `data` (JSON text) instead of the usual.
    Refusal with_code(int code, std::string of_error = {}) && {
        code_ = code;
        data_ = std::move(of_error);
        return std::move(*this);
    }

    int rpc_code() const { return code_.value_or(json_rpc_code(error.code())); }

    /// What the client is told; `id` as JSON, or empty.
    Message answer(std::string_view id) const {
        if (!code_) return make_error(id, error);
        return make_error(id, *code_, error.message(), data_);
    }

    int status;
    Reason reason;
    Error error;
    std::string extra_fields;
    bool in_session = false;

private:
    std::optional<int> code_;
    std::string data_;
};

inline constexpr std::string_view kRetryAfter = "Retry-After: 1\r\n";
inline constexpr std::string_view kAllowOnEndpoint = "Allow: GET, POST, DELETE, OPTIONS\r\n";
inline constexpr std::string_view kAllowStateless = "Allow: POST\r\n";
inline constexpr std::string_view kAllowOnPage = "Allow: GET, HEAD, POST\r\n";

}  // namespace shadowcat::http
