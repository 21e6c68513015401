// SPDX-License-Identifier: Apache-2.0
// UpstreamTarget: one HTTP upstream as configured: where it is, how to reach it, what it may cost.
#pragma once

#include "shadowcat/sdk/asio.hpp"
#include "shadowcat/sdk/config.hpp"

#include "tls_context.hpp"
#include "upstream_url.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace shadowcat::http {

class UpstreamTarget {
public:
    using Headers = std::vector<std::pair<std::string, std::string>>;

    /// The keys of the connector `http`.
    static Schema schema();

    /// Those of the connector `sse`, which are fewer: its calls need no connections.
    static Schema stream_schema();

    /// Reads configuration that passed one of the two. Throws `std::runtime_error` with a message
    /// for the operator; loads certificates.
    explicit UpstreamTarget(const Json& config);

    /// An error of this upstream: its URL, then `what`.
    Error failure(ErrorCode code, std::string_view what) const;

    UpstreamUrl url;
    Headers headers;                ///< added to every request
    std::optional<TlsContext> tls;  ///< for https
    Duration connect_timeout;
    Duration idle_timeout;
    Duration send_timeout;
    Duration close_timeout;
    std::size_t max_connections;
    std::size_t max_idle_connections;
    std::uint32_t max_response_header_bytes;
};

}  // namespace shadowcat::http
