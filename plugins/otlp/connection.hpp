// SPDX-License-Identifier: Apache-2.0
// Connection: one TCP connection to a collector, plain or TLS.
#pragma once

#include "shadowcat/sdk/asio.hpp"
#include "shadowcat/sdk/result.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <memory>
#include <string_view>
#include <tuple>

namespace shadowcat::otlp {

using namespace shadowcat::sdk;

class Endpoint;
class NameLookup;
class TlsTrust;

/// Opened once; a new object for each attempt. On one worker, one operation at a time. Every wait
/// ends early by `close`, which is how limits of time are kept.
class Connection {
public:
    using Socket = asio::basic_stream_socket<asio::ip::tcp, Executor>;

    explicit Connection(const Executor& executor);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// Connects to the first address that answers, each within its share of `limit`, and shakes
    /// hands where there is `trust`. Fails with `unreachable`. Arguments outlive the connection.
    awaitable<Result<void>> open(const Endpoint& endpoint, const TlsTrust* trust, Duration limit);

    /// Writes both, whole. They outlive the call.
    awaitable<error_code> write(std::string_view head, std::string_view body);

    awaitable<std::tuple<error_code, std::size_t>> read_some(asio::mutable_buffer buffer);

    /// What is pending fails with `operation_aborted`. Idempotent.
    void close() noexcept;

    /// True when another request can be sent: open, and the peer has neither closed nor spoken.
    bool is_fresh() noexcept;

private:
    class Tls;

    Socket& socket() noexcept;
    awaitable<error_code> connect(const Endpoint& endpoint, Duration limit);
    awaitable<Result<void>> shake_hands(const Endpoint& endpoint, const TlsTrust& trust);

    Socket socket_;  // moved into tls_ once there is TLS
    std::unique_ptr<Tls> tls_;
    std::shared_ptr<NameLookup> lookup_;  // shared with the resolver's handler
    bool closed_ = false;
};

}  // namespace shadowcat::otlp
