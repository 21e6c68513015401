// SPDX-License-Identifier: Apache-2.0
// TlsStream: TLS on a socket that OpenSSL reads and writes itself.
#pragma once

#include "shadowcat/sdk/asio.hpp"

#include "openssl_handles.hpp"
#include "ready_socket.hpp"
#include "tls_context.hpp"

#include <openssl/ssl.h>

#include <cstddef>
#include <span>
#include <tuple>

namespace shadowcat::http {

using namespace shadowcat::sdk;

/// Every call tries first and waits only for what OpenSSL then wants; there is no buffer between
/// the two, and what is there to read or fits into the socket costs no turn of the loop. Reading
/// and writing may overlap, each never with itself. The process ignores SIGPIPE, as the proxy does.
class TlsStream {
public:
    using Transferred = ReadySocket::Transferred;

    TlsStream(ReadySocket socket, const TlsContext& context);

    ssl_st* native_handle() const noexcept { return ssl_.get(); }
    ReadySocket& socket() noexcept { return socket_; }

    /// Fails with `asio::error::timed_out` after `limit`.
    awaitable<error_code> handshake(bool as_client, Duration limit);

    /// Says goodbye, and waits at most `limit` for the peer's.
    awaitable<> shutdown(Duration limit);

    /// `asio::error::eof` after the peer's goodbye, `stream_truncated` without one.
    awaitable<Transferred> read_some(asio::mutable_buffer buffer);
    awaitable<Transferred> write(std::span<const asio::const_buffer> buffers);

    /// Without waiting: fail with `asio::error::would_block`.
    Transferred try_read(asio::mutable_buffer buffer) noexcept;
    Transferred try_write(std::span<const asio::const_buffer> buffers) noexcept;

private:
    using For = Readiness::For;
    using Step = int (*)(ssl_st*);

    awaitable<error_code> carry_out(Step step, Duration limit);
    Transferred write_from(std::span<const asio::const_buffer> buffers, std::size_t done) noexcept;
    bool may_begin() const noexcept;
    error_code outcome(int result) noexcept;

    TlsContext context_;  // keeps it alive
    ReadySocket socket_;
    openssl::Ssl ssl_;
    For read_wants_ = For::reading;
    For write_wants_ = For::writing;
    For wants_ = For::reading;  // of the last call
};

}  // namespace shadowcat::http
