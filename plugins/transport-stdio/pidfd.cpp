// SPDX-License-Identifier: Apache-2.0
// The system call, for which older C libraries have no function.
#include "pidfd.hpp"

#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

namespace shadowcat::transport_stdio {

UniqueFd open_pidfd(pid_t pid) noexcept {
    return UniqueFd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
}

bool no_pidfds_here(int error) noexcept { return error == ENOSYS || error == EPERM; }

}  // namespace shadowcat::transport_stdio
