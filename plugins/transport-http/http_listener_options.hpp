// SPDX-License-Identifier: Apache-2.0
// The listener's configuration: its keys, and their values ready for use.
#pragma once

#include "shadowcat/sdk/config.hpp"
#include "shadowcat/sdk/message.hpp"

#include "origin_policy.hpp"
#include "tls_context.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace shadowcat::http {

/// The keys that operators write.
Schema http_listener_schema();

/// Where the deprecated pair of 2024-11-05 is served. Empty paths: nowhere.
class SsePaths {
public:
    bool operator==(const SsePaths&) const = default;
    bool serves(std::string_view at) const noexcept {
        return !stream.empty() && (at == stream || at == messages);
    }

    std::string stream;    ///< takes GET
    std::string messages;  ///< takes POST
};

/// Immutable once made; read by all workers.
class HttpListenerOptions {
public:
    /// `config` has passed the schema. Throws `std::invalid_argument`, naming the key, for values
    /// that the schema can't judge: addresses, paths, certificate files.
    explicit HttpListenerOptions(const Json& config);

    /// Whether MCP is spoken at this path.
    bool is_endpoint(std::string_view at) const noexcept {
        return (!path.empty() && at == path) || sse.serves(at);
    }

    asio::ip::tcp::endpoint bind;
    std::string path;  ///< empty: no MCP here, only pages (the admin listener)
    SsePaths sse;
    OriginPolicy policy;
    ParseLimits message;  ///< of a body: bytes and depth
    std::uint32_t max_header_bytes;
    std::size_t max_connections;
    Duration idle_timeout;
    Duration header_timeout;
    Duration body_timeout;
    Duration write_timeout;
    Duration ping_interval;
    std::chrono::seconds keepalive;  ///< silence before the system asks; 0 never
    std::optional<TlsContext> tls;
};

/// `127.0.0.1:8080`, `[::1]:0`, `localhost:8080`. Throws `std::invalid_argument`.
asio::ip::tcp::endpoint parse_bind_address(const std::string& text);

}  // namespace shadowcat::http
