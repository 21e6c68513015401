// SPDX-License-Identifier: Apache-2.0
// Peer: the server process that a connector under test talks to.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace shadowcat::contract {

/// Runs from construction to destruction, in a process group of its own that is killed at the end.
class Peer {
public:
    /// Starts `command` and waits for the first line it prints. Throws `std::runtime_error` when
    /// there is none within some seconds.
    explicit Peer(const std::vector<std::string>& command);
    ~Peer();
    Peer(const Peer&) = delete;
    Peer& operator=(const Peer&) = delete;

    const std::string& first_line() const noexcept { return first_line_; }

private:
    void start(const std::vector<std::string>& command);
    bool read_first_line();
    void end();

    pid_t pid_ = -1;
    int output_ = -1;
    std::string first_line_;
};

}  // namespace shadowcat::contract
