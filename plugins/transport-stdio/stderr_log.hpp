// SPDX-License-Identifier: Apache-2.0
// StderrLog: copies a child's stderr into the log, line by line.
#pragma once

#include "stream.hpp"
#include "unique_fd.hpp"

#include <sys/types.h>

#include <array>
#include <string>
#include <string_view>

namespace shadowcat::transport_stdio {

class StderrLog {
public:
    StderrLog(sdk::Executor executor, UniqueFd errors, std::string upstream, pid_t pid);

    /// Reads until the end of stderr, or until `stop`; closes it.
    sdk::awaitable<> run();

    /// What is there already is still logged.
    void stop();

private:
    void read_rest();
    void feed(std::string_view bytes);
    void append(std::string_view piece);
    void end_line();

    static constexpr std::size_t kBufferBytes = 4096;

    Stream stream_;
    std::string upstream_;
    pid_t pid_;
    std::array<char, kBufferBytes> buffer_;
    std::string line_;
    bool stopping_ = false;
};

}  // namespace shadowcat::transport_stdio
