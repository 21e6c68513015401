// SPDX-License-Identifier: Apache-2.0
// Process: a child with pipes, whose waits end and which never outlives its test.
#pragma once

#include "descriptor.hpp"
#include "patience.hpp"

#include <sys/types.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace integration {

/// What is special about a start.
class LaunchOptions {
public:
    std::vector<std::pair<std::string, std::string>> environment;
    std::optional<std::size_t> max_descriptors;  // soft limit; the hard one stays
};

/// How a process ended.
class ExitStatus {
public:
    explicit ExitStatus(int status) : status_(status) {}

    /// `exit 0`, `signal 9`: comparable and readable in a failed check.
    std::string text() const;

private:
    int status_;
};

class Process {
public:
    /// Without the SHADOWCAT_* variables of the test's own environment.
    explicit Process(std::vector<std::string> command, const LaunchOptions& options = {});
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    /// SIGKILL and reap, if it still runs.
    ~Process();

    pid_t pid() const noexcept { return pid_; }
    void signal(int number) const;

    void write(std::string_view bytes);
    void close_stdin() { input_.close(); }

    /// The next line of stdout without its end; nothing at the end of stdout.
    std::optional<std::string> read_line();

    /// Everything that stdout still has to say.
    std::string read_to_end();

    /// Everything on stderr so far.
    std::string log() const;

    /// The first line on stderr that holds all of `words`; throws `Impatient` with the log.
    std::string wait_for_log(const std::vector<std::string>& words) const;
    bool logged(const std::vector<std::string>& words) const;

    /// How it ended, as `ExitStatus::text`; throws `Impatient` if it doesn't.
    std::string wait_exit();

private:
    bool reap();
    bool fill();

    pid_t pid_ = -1;
    Descriptor input_;
    Descriptor output_;
    Descriptor errors_;  // a file in memory: nobody has to read along
    std::string pending_;
    std::optional<ExitStatus> ended_;
};

/// Runs `command` with `input` on stdin to its end.
class Finished {
public:
    explicit Finished(std::vector<std::string> command, std::string_view input = {});

    std::string output;
    std::string errors;
    std::string exit;
};

}  // namespace integration
