// SPDX-License-Identifier: Apache-2.0
// Starting a program as a child process, without a shell.
#pragma once

#include "shadowcat/sdk/asio.hpp"

#include "process_handle.hpp"
#include "unique_fd.hpp"

#include <string>
#include <vector>

namespace shadowcat::transport_stdio {

/// What to run and how.
class LaunchPlan {
public:
    std::string program;  ///< for exec, see `find_program`
    std::vector<std::string>
        arguments;  ///< argv, the first is the program as the operator wrote it
    std::vector<std::string> environment;  ///< `NAME=value`
    std::string directory;                 ///< empty: the proxy's own
    bool own_stderr = false;               ///< it gets ours, instead of a pipe
};

/// A running child and our ends of its pipes.
class Launched {
public:
    explicit Launched(ProcessHandle started) : process(std::move(started)) {}

    ProcessHandle process;
    UniqueFd input;   ///< leads to its stdin
    UniqueFd output;  ///< comes from its stdout
    UniqueFd errors;  ///< comes from its stderr; none if that is ours
};

/// Forks and executes; completes once the program runs. Fails with `unreachable` when it can't be
/// executed, `unavailable` when there are no descriptors or processes left. A failed start leaves
/// nothing behind.
sdk::awaitable<sdk::Result<Launched>> launch(sdk::Executor executor, LaunchPlan plan);

}  // namespace shadowcat::transport_stdio
