// SPDX-License-Identifier: Apache-2.0
// Pidfds, and where there are none: old kernels, valgrind, sandboxes that refuse the system call.
#pragma once

#include "unique_fd.hpp"

#include <sys/types.h>

namespace shadowcat::transport_stdio {

/// A descriptor that stands for the process which has the id `pid` at this moment, and becomes
/// readable when that has ended. None on failure, with `errno`. Async-signal-safe.
UniqueFd open_pidfd(pid_t pid) noexcept;

/// Whether the last failure of `open_pidfd`, `error`, says that no process can have one here.
bool no_pidfds_here(int error) noexcept;

}  // namespace shadowcat::transport_stdio
