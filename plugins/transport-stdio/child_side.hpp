// SPDX-License-Identifier: Apache-2.0
// ChildSide: what happens between fork and exec.
#pragma once

#include "family_tag.hpp"
#include "orphan_guard.hpp"

#include <sys/types.h>

#include <cstdint>

namespace shadowcat::transport_stdio {

/// What the child could not do, as it tells its parent through a pipe.
class ExecFailure {
public:
    enum class Step : std::int32_t { descriptors, directory, program };

    Step step = Step::program;
    std::int32_t error = 0;
};

/// All that the child needs, made ready before the fork. The pointers refer to the parent's memory,
/// of which the child has a copy.
class ChildSide {
public:
    const char* program = nullptr;
    char* const* arguments = nullptr;
    char* const* environment = nullptr;
    const char* directory = nullptr;  ///< null: stay
    int input = -1, output = -1, errors = -1;
    int failures = -1;  ///< takes an ExecFailure; closes by itself when exec succeeds
    pid_t parent = 0;
    FamilyTag tag;
    const OrphanGuard* guard = nullptr;

    /// Becomes the program. Async-signal-safe throughout; expects all signals to be blocked.
    [[noreturn]] void run() const noexcept;

private:
    void join_family() const noexcept;
    bool place_descriptors() const noexcept;
    [[noreturn]] void give_up(ExecFailure::Step step) const noexcept;
};

}  // namespace shadowcat::transport_stdio
