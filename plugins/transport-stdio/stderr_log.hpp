// SPDX-License-Identifier: Apache-2.0
// StderrLog: a child's stderr, line by line into the log or as it is to our own stderr, and to
// observers.
#pragma once

#include "shadowcat/sdk/worker.hpp"

#include "stderr_pass.hpp"
#include "stream.hpp"
#include "unique_fd.hpp"

#include <sys/types.h>

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace shadowcat::transport_stdio {

class StderrLog {
public:
    /// `passes`: what is written goes to our own stderr as it is, not into the log.
    StderrLog(sdk::Worker& worker, UniqueFd errors, std::string upstream, pid_t pid, bool passes);

    /// Reads until the end of stderr, or until `stop`; closes it.
    sdk::awaitable<> run();

    /// What is there already is still read.
    void stop();

    /// Whose the child is, for observers.
    void set_session(std::string_view label) { session_ = label; }

private:
    sdk::awaitable<> read_rest();
    sdk::awaitable<> take(std::string_view bytes);
    void feed(std::string_view bytes);
    void append(std::string_view piece);
    void end_line();
    void tell() const;

    static constexpr std::size_t kBufferBytes = 4096;

    sdk::Worker& worker_;
    Stream stream_;
    std::string upstream_, session_;
    pid_t pid_;
    std::optional<StderrPass> pass_;
    std::array<char, kBufferBytes> buffer_;
    std::string line_;
    bool stopping_ = false;
};

}  // namespace shadowcat::transport_stdio
