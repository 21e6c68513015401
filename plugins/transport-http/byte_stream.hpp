// SPDX-License-Identifier: Apache-2.0
// ByteStream: one TCP connection, plain or TLS, behind one non-template type.
#pragma once

#include "shadowcat/sdk/asio.hpp"
#include "shadowcat/sdk/result.hpp"

#include "ready_socket.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <tuple>

namespace shadowcat::http {

using namespace shadowcat::sdk;

class HostLookup;
class TlsContext;
class TlsStream;

/// A connection on one worker. Reading and writing may overlap, each never with itself. Movable
/// while nothing is pending on it. The destructor closes at once.
class ByteStream {
public:
    using Transferred = ReadySocket::Transferred;

    /// Not connected.
    explicit ByteStream(const Executor& executor);

    /// Takes over a connected, non-blocking descriptor: one that was accepted, or that `release`
    /// gave away on another worker. Plain until `accept_tls`. On failure it stays the caller's.
    static ByteStream adopt(const Executor& executor, int descriptor, error_code& failed);

    ByteStream(ByteStream&&) noexcept;
    ByteStream& operator=(ByteStream&&) noexcept;
    ~ByteStream();

    /// Resolves `host` (a name or an address) and connects to the first address that answers; sets
    /// TCP_NODELAY and keep-alive probes. Fails with `asio::error::timed_out` after `limit`.
    awaitable<error_code> connect(std::string host, std::uint16_t port, Duration limit);

    /// The client's TLS handshake on a connected stream. Unless `context` says otherwise the peer's
    /// certificate must be valid for `host`. The error says what was wrong with it.
    awaitable<Result<void>> connect_tls(const TlsContext& context, std::string host,
                                        Duration limit);

    /// The first byte that comes on a plain stream, or why none does; it stays there to be read.
    awaitable<std::tuple<error_code, char>> peek(Duration limit);

    /// The server's TLS handshake on an accepted stream.
    awaitable<Result<void>> accept_tls(const TlsContext& context, Duration limit);

    /// Who the peer has proved to be with a certificate, as `principal_of` writes it; or empty.
    std::string principal() const;

    /// Waits until something may be read, or the stream has ended, without a buffer for it. Plain
    /// streams only: over TLS that can't be known.
    Readiness::Wait wait_readable() noexcept { return socket_.wait(Readiness::For::reading); }

    /// Reads at least one byte, or fails (`asio::error::eof` at the end).
    awaitable<Transferred> read_some(asio::mutable_buffer buffer);

    /// As `read_some`, without waiting: `asio::error::would_block` when there is nothing to read
    /// yet. `buffer` is not empty.
    Transferred try_read(asio::mutable_buffer buffer) noexcept;

    /// Writes all of `buffers` (at most 16 for one system call). They, and the array that holds
    /// them, must outlive the call.
    awaitable<Transferred> write(std::span<const asio::const_buffer> buffers);

    /// Writes as much as goes out without waiting, which may be nothing
    /// (`asio::error::would_block`).
    Transferred try_write(std::span<const asio::const_buffer> buffers) noexcept;

    /// Says goodbye in TLS's way if there is TLS, waiting at most `limit`, then closes.
    awaitable<> shutdown(Duration limit);

    /// No more will be written: the peer sees the end of the stream. Plain streams only (no effect
    /// on others); what the peer still sends can be read.
    void shutdown_send() noexcept;

    /// Closes at once; what is pending fails with `operation_aborted`. Idempotent.
    void close() noexcept;

    /// As `close`, but the peer sees the connection break off (a reset) instead of end.
    void reset() noexcept;

    /// What is pending fails with `operation_aborted`; the stream stays open.
    void cancel() noexcept;

    bool is_open() const noexcept;
    bool is_tls() const noexcept { return tls_ != nullptr; }

    /// True when an idle connection can't be used again: the peer has closed it or said something
    /// nobody asked for. Never waits.
    bool is_stale() noexcept;

    /// False when nothing hints at that; known without a system call, but perhaps a moment late.
    bool has_noticed() const noexcept { return !is_open() || socket().noticed(); }

    /// Sends every write at once. Accepted sockets need it; `connect` does it.
    void set_no_delay() noexcept;

    /// A peer that has vanished without a word is noticed after about twice `idle`, whether it is
    /// sent anything or not. Zero: never. `connect` sets a minute.
    void set_keep_alive(std::chrono::seconds idle) noexcept;

    /// `127.0.0.1:41234`, `[::1]:41234`; empty when not connected.
    std::string peer() const;

    /// Gives the descriptor of a plain stream away, still connected; -1 when it can't. The stream
    /// is closed afterwards.
    int release() noexcept;

private:
    class Attempt;

    ReadySocket& socket() noexcept;
    const ReadySocket& socket() const noexcept;
    awaitable<error_code> connect_to_one_of(const HostLookup& lookup, TimePoint deadline);
    error_code take(const std::shared_ptr<Attempt>& connected);
    awaitable<Result<void>> handshake(bool as_client, Duration limit);

    Executor executor_;
    ReadySocket socket_;  // moved into tls_ once there is TLS
    std::unique_ptr<TlsStream> tls_;
    std::shared_ptr<HostLookup> lookup_;  // shared with the resolver's pending handler
    std::shared_ptr<Attempt> attempt_;    // while it connects
    bool closed_ = false;
};

}  // namespace shadowcat::http
