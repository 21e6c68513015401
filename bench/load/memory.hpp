// SPDX-License-Identifier: Apache-2.0
// Resident memory of a process and of what it started.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <vector>

namespace bench {

/// Bytes. Descendants are summed up: a stdio bridge's children are no part of the bridge.
struct Memory {
    std::uint64_t process = 0;
    std::uint64_t descendants = 0;
};

bool is_running(pid_t pid);
std::vector<pid_t> descendants_of(pid_t pid);

Memory resident_memory(pid_t pid);       ///< VmRSS.
Memory peak_resident_memory(pid_t pid);  ///< VmHWM.

/// Lets VmHWM begin anew from what is resident now; false where the kernel doesn't permit it.
bool reset_peak(pid_t pid);

/// Waits until VmRSS of the process doesn't change any more, two seconds at most.
Memory settled_memory(pid_t pid);

}  // namespace bench
