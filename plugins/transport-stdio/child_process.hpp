// SPDX-License-Identifier: Apache-2.0
// ChildProcess: a running child on a worker: waiting for its end, ending it, telling log and
// metrics.
#pragma once

#include "child_metrics.hpp"
#include "leftovers.hpp"
#include "occurrence.hpp"
#include "process_handle.hpp"
#include "stream.hpp"

#include <optional>
#include <string>

namespace shadowcat::transport_stdio {

class ChildProcess {
public:
    /// Takes over a child that runs. `upstream` names it in logs.
    ChildProcess(sdk::Executor executor, ProcessHandle handle, std::string upstream,
                 const ChildMetrics& metrics);

    /// Kills what still runs. That happens when a worker is destroyed with all that is on it, so
    /// nothing else is touched here: metrics may be gone.
    ~ChildProcess();

    /// Waits for the end, however long it takes, then reaps and kills the rest of the group.
    /// Exactly one coroutine runs this, and then `end_leftovers`.
    sdk::awaitable<> watch();

    /// Ends what had left the group: SIGTERM, and SIGKILL when the ladder has ended, or after
    /// `grace` where the child ended by itself.
    sdk::awaitable<> end_leftovers(sdk::Duration grace);

    sdk::awaitable<bool> wait_exit(sdk::Duration limit) { return exited_.wait(limit); }
    bool exited() const noexcept { return exited_.happened(); }

    /// From now on an exit is what we asked for.
    void expect_exit() noexcept;

    /// Waits for the exit, then asks by SIGTERM, then forces by SIGKILL; `grace` passes before
    /// each. False when the child survived even that.
    sdk::awaitable<bool> end(sdk::Duration grace);

    /// SIGKILL to the group, at once.
    void kill() noexcept;

    /// SIGKILL to the group, as if nobody had asked for it: the child has crashed.
    void crash() noexcept;

    /// Any signal to the group.
    void signal(int number) noexcept;

    /// As `sdk::Link::exit_code`.
    std::optional<int> exit_code() const noexcept;

    const std::string& upstream() const noexcept { return upstream_; }
    pid_t pid() const noexcept { return handle_.pid(); }

    /// Of the child and all that it started.
    std::size_t resident_bytes() const;

    /// "upstream 'x' (pid 7)"
    std::string label() const;

    /// "exited with code 3"; once it has exited.
    std::string exit_text() const { return status_.text(); }

private:
    void be(ChildState state);
    void escalate(int signal, const char* name, Ending ending);
    void finish();
    Ending ending() const noexcept;
    void log_exit(Ending ending) const;
    void report(const Leftovers& rest, bool gone) const;

    ProcessHandle handle_;
    Stream exit_notice_;  // borrowed from handle_
    Occurrence exited_;
    std::string upstream_;
    ChildMetrics metrics_;
    ExitStatus status_;
    std::optional<Ending> asked_;                // the last rung of the ladder
    std::optional<sdk::TimePoint> ladder_ends_;  // from then on SIGKILL is all there is
    ChildState state_ = ChildState::none;
};

}  // namespace shadowcat::transport_stdio
