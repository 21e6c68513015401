// SPDX-License-Identifier: Apache-2.0
// What /proc says about processes: who is whose child, who is dead and not reaped, what is open.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <string>
#include <vector>

namespace integration {

class ProcessEntry {
public:
    pid_t pid = 0;
    pid_t parent = 0;
    pid_t group = 0;
    char state = '?';

    bool is_zombie() const noexcept { return state == 'Z'; }
};

std::vector<ProcessEntry> children_of(pid_t parent);

/// Runs, or waits: is not gone and not a zombie.
bool is_running(pid_t pid);

std::size_t open_descriptors(pid_t pid);

}  // namespace integration
