// SPDX-License-Identifier: Apache-2.0
// ControlSocket: a listening Unix socket and the file it is reached by.
#pragma once

#include "shadowcat/sdk/result.hpp"

#include <sys/types.h>

#include <cstddef>
#include <string>
#include <utility>

namespace shadowcat::core {

namespace sdk = shadowcat::sdk;

/// Longest path that fits into the address of a Unix socket.
std::size_t max_control_path() noexcept;

/// Where the socket of this process goes when nobody says where: `PID.sock` in
/// `sdk::control_directory()`. Makes that directory, and removes sockets there whose proxies ended
/// without doing so. Fails when the directory is a link, another user's, or open to others.
sdk::Result<std::string> own_control_path();

/// Only the owner can connect. The destructor closes it and removes the file, unless that is
/// another's by now. Movable.
class ControlSocket {
public:
    /// Listens at `path`; one that nobody serves any more is replaced.
    static sdk::Result<ControlSocket> open(const std::string& path);

    ControlSocket(ControlSocket&& other) noexcept
        : descriptor_(std::exchange(other.descriptor_, -1)),
          path_(std::move(other.path_)),
          device_(other.device_),
          inode_(other.inode_) {
        other.path_.clear();
    }
    ControlSocket& operator=(ControlSocket&&) = delete;
    ~ControlSocket();

    const std::string& path() const noexcept { return path_; }

    /// Gives the descriptor away, to whoever accepts.
    int release() noexcept { return std::exchange(descriptor_, -1); }

private:
    ControlSocket(int descriptor, std::string path);

    int descriptor_;
    std::string path_;
    dev_t device_ = 0;
    ino_t inode_ = 0;
};

}  // namespace shadowcat::core
