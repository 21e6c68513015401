// SPDX-License-Identifier: Apache-2.0
// A program that the load generator starts, and ends.
#pragma once

#include "../wire/sockets.hpp"

#include <sys/types.h>

#include <optional>
#include <vector>

namespace bench {

/// Starts `command` (which ends with a null pointer) in a process group of its own; the destructor
/// ends the whole group. Its stdin is a pipe; so is its stdout, or else nobody reads it.
class Child {
public:
    enum class Output { kPiped, kDiscarded };

    Child(const std::vector<char*>& command, Output output);
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;
    ~Child();

    int input() const { return input_.get(); }    ///< Non-blocking.
    int output() const { return output_.get(); }  ///< Non-blocking; -1 when discarded.
    void close_input() { input_.reset(); }

    /// Its wait status once it has ended.
    std::optional<int> ended();

private:
    bool waits_for_end(int tenths_of_second);

    pid_t pid_ = -1;
    std::optional<int> status_;
    Descriptor input_;
    Descriptor output_;
};

}  // namespace bench
