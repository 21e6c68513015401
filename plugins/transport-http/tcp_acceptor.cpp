// SPDX-License-Identifier: Apache-2.0
// accept4 behind readiness.
#include "tcp_acceptor.hpp"

#include "shadowcat/sdk/log.hpp"

#include <fcntl.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <sstream>

namespace shadowcat::http {

namespace {

constexpr Duration kPause = std::chrono::milliseconds(100);

Error cannot_listen(const asio::ip::tcp::endpoint& endpoint, const error_code& why) {
    std::ostringstream text;
    text << "can't listen on " << endpoint << ": " << why.message();
    return Error(ErrorCode::unreachable, text.str());
}

}  // namespace

Result<void> TcpAcceptor::open(const asio::ip::tcp::endpoint& endpoint) {
    error_code failed;
    socket_.open(endpoint.protocol(), failed);
    if (failed) return cannot_listen(endpoint, failed);
    ::fcntl(socket_.native_handle(), F_SETFD, FD_CLOEXEC);
    socket_.set_option(Socket::reuse_address(true), failed);
    if (!failed) socket_.bind(endpoint, failed);
    if (!failed) socket_.listen(Socket::max_listen_connections, failed);
    if (!failed) socket_.native_non_blocking(true, failed);
    if (!failed) endpoint_ = socket_.local_endpoint(failed);
    if (!failed) return Result<void>();
    close();
    return cannot_listen(endpoint, failed);
}

awaitable<std::optional<Descriptor>> TcpAcceptor::accept() {
    while (socket_.is_open()) {
        Descriptor client(
            ::accept4(socket_.native_handle(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
        if (client.valid()) {
            short_of_descriptors_ = false;
            co_return std::optional<Descriptor>(std::move(client));
        }
        co_await wait(errno);
    }
    co_return std::nullopt;
}

/// Until another attempt makes sense.
awaitable<> TcpAcceptor::wait(int error) {
    if (error == EINTR || error == ECONNABORTED) co_return;
    if (error == EAGAIN || error == EWOULDBLOCK) {
        co_await socket_.async_wait(Socket::wait_read, as_tuple);
        co_return;
    }
    if (!short_of_descriptors_) log::warn("can't accept", {{"error", std::strerror(error)}});
    short_of_descriptors_ = true;
    pause_.expires_after(kPause);
    co_await pause_.async_wait(as_tuple);
}

void TcpAcceptor::close() noexcept {
    error_code ignored;
    socket_.close(ignored);
    pause_.cancel();
}

}  // namespace shadowcat::http
