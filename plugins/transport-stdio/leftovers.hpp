// SPDX-License-Identifier: Apache-2.0
// Leftovers: what a child that was reaped has left running.
#pragma once

#include "adoptions.hpp"

#include <cstddef>
#include <vector>

namespace shadowcat::transport_stdio {

/// Ends them level by level: what one has started comes to us when it dies, and is seen by the next
/// look.
class Leftovers {
public:
    /// Of the child that led `group`.
    Leftovers(FamilyTag tag, pid_t group) : tag_(tag), group_(group) {}

    /// Reaps what has ended and signals the rest: `signal` once to each that had left the group
    /// (which is killed already), SIGKILL as often as asked. True when nothing is left.
    bool gone_after(int signal);

    /// How many that had left the group got a signal.
    std::size_t escaped() const noexcept { return escaped_.size(); }

private:
    void signal_once(const PinnedProcess& process, int signal);

    FamilyTag tag_;
    pid_t group_;
    std::vector<pid_t> escaped_;
};

}  // namespace shadowcat::transport_stdio
