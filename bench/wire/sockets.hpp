// SPDX-License-Identifier: Apache-2.0
// Loopback sockets for the benchmark's servers and load generator.
#pragma once

#include <netinet/in.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace bench {

/// `what: strerror(errno)`.
std::runtime_error system_failure(const std::string& what);

/// Owns a descriptor.
class Descriptor {
public:
    explicit Descriptor(int fd = -1) : fd_(fd) {}
    Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~Descriptor() { reset(); }

    int get() const { return fd_; }
    bool is_open() const { return fd_ >= 0; }
    void reset();

private:
    int fd_;
};

/// Listens on 127.0.0.1; port 0 lets the kernel choose. Several may share one port.
Descriptor listen_on(std::uint16_t port);
std::uint16_t port_of(const Descriptor& socket);

/// A non-blocking connection that may still be under way.
Descriptor connect_to(const sockaddr_in& address);

void disable_nagle(int fd);
void set_nonblocking(int fd);

/// As many descriptors as this process may have.
void allow_many_descriptors();

}  // namespace bench
