// SPDX-License-Identifier: Apache-2.0
// ProcessTitle: lets a forked helper say in `ps` what it is.
#pragma once

#include <cstddef>

namespace shadowcat::transport_stdio {

/// Found before the fork, set after it.
class ProcessTitle {
public:
    /// Looks up where the kernel keeps this process' command line.
    ProcessTitle();

    /// Replaces name and command line of the calling process. Async-signal-safe; only for a process
    /// that no longer needs its arguments.
    void set(const char* title) const noexcept;

private:
    char* arguments_ = nullptr;
    std::size_t size_ = 0;
};

}  // namespace shadowcat::transport_stdio
