// SPDX-License-Identifier: Apache-2.0
// Loopback sockets: listen, connect, options.
#include "sockets.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace bench {
namespace {

constexpr int kBacklog = 4096;

const sockaddr* plain(const sockaddr_in& address) {
    return reinterpret_cast<const sockaddr*>(&address);
}

void enable(int fd, int level, int option) {
    const int on = 1;
    ::setsockopt(fd, level, option, &on, sizeof on);
}

}  // namespace

std::runtime_error system_failure(const std::string& what) {
    return std::runtime_error(what + ": " + std::strerror(errno));
}

void Descriptor::reset() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
}

Descriptor listen_on(std::uint16_t port) {
    Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!socket.is_open()) throw system_failure("socket");
    enable(socket.get(), SOL_SOCKET, SO_REUSEADDR);
    enable(socket.get(), SOL_SOCKET, SO_REUSEPORT);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::bind(socket.get(), plain(address), sizeof address) != 0 ||
        ::listen(socket.get(), kBacklog) != 0) {
        throw system_failure("listening on port " + std::to_string(port));
    }
    return socket;
}

std::uint16_t port_of(const Descriptor& socket) {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    if (::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0) {
        throw system_failure("getsockname");
    }
    return ntohs(address.sin_port);
}

Descriptor connect_to(const sockaddr_in& address) {
    Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!socket.is_open()) throw system_failure("socket");
    disable_nagle(socket.get());
    if (::connect(socket.get(), plain(address), sizeof address) != 0 && errno != EINPROGRESS) {
        socket.reset();
    }
    return socket;
}

void disable_nagle(int fd) { enable(fd, IPPROTO_TCP, TCP_NODELAY); }

void set_nonblocking(int fd) { ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK); }

void allow_many_descriptors() {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace bench
