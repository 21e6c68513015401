// SPDX-License-Identifier: Apache-2.0
// ExitNotice: a descriptor that becomes readable when one child of ours has ended.
#pragma once

#include "unique_fd.hpp"

#include <sys/types.h>

#include <thread>

namespace shadowcat::transport_stdio {

/// The child's pidfd. Where there are none (see pidfd.hpp) a thread waits for the child's end,
/// without reaping it, and writes to an eventfd; it lives as long as the child does. To be given up
/// before the child is reaped, while the id is certainly its own.
class ExitNotice {
public:
    ExitNotice() = default;
    ExitNotice(ExitNotice&&) noexcept = default;
    ExitNotice& operator=(ExitNotice&&) = delete;
    ~ExitNotice() { give_up(); }

    /// For a child that is not reaped yet. On failure there is no descriptor, and `errno` says why.
    static ExitNotice of(pid_t child);

    explicit operator bool() const noexcept { return static_cast<bool>(readable_); }
    int descriptor() const noexcept { return readable_.get(); }

    /// Whether the child has ended, at the latest in `patience_ms`. False without a descriptor.
    bool given(int patience_ms) const noexcept;

    /// Closes the descriptor and joins the thread; never waits: where the child has not ended (it
    /// survived SIGKILL) the thread is left to itself until it has.
    void give_up() noexcept;

private:
    void watch(pid_t child);

    UniqueFd readable_;
    std::thread watcher_;  // only without a pidfd
};

}  // namespace shadowcat::transport_stdio
