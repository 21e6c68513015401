// SPDX-License-Identifier: Apache-2.0
// TcpAcceptor: a listening socket that hands out plain descriptors and survives running out of
// them.
#pragma once

#include "shadowcat/sdk/asio.hpp"
#include "shadowcat/sdk/result.hpp"

#include "descriptor.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <optional>

namespace shadowcat::http {

using namespace shadowcat::sdk;

/// On one worker. Descriptors come without a worker, non-blocking and close-on-exec, so that any
/// worker can adopt them and no child process inherits them.
class TcpAcceptor {
public:
    explicit TcpAcceptor(const Executor& executor) : socket_(executor), pause_(executor) {}

    /// Fails with `unreachable`, naming the address.
    Result<void> open(const asio::ip::tcp::endpoint& endpoint);

    /// Where it listens, with the port that the system chose.
    const asio::ip::tcp::endpoint& endpoint() const noexcept { return endpoint_; }

    /// The next client; nothing once closed. Waits a little when the system has no descriptors
    /// left.
    awaitable<std::optional<Descriptor>> accept();

    void close() noexcept;

private:
    using Socket = asio::basic_socket_acceptor<asio::ip::tcp, Executor>;

    awaitable<> wait(int error);

    Socket socket_;
    Timer pause_;
    asio::ip::tcp::endpoint endpoint_;
    bool short_of_descriptors_ = false;
};

}  // namespace shadowcat::http
