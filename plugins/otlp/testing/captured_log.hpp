// SPDX-License-Identifier: Apache-2.0
// CapturedLog: gathers what is written to stderr, that is the log, while it lives.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <string>

namespace shadowcat::otlp::testing {

class CapturedLog {
public:
    CapturedLog() : file_(::memfd_create("log", MFD_CLOEXEC)), before_(::dup(STDERR_FILENO)) {
        ::dup2(file_, STDERR_FILENO);
    }
    CapturedLog(const CapturedLog&) = delete;
    CapturedLog& operator=(const CapturedLog&) = delete;
    ~CapturedLog() {
        ::dup2(before_, STDERR_FILENO);
        ::close(before_);
        ::close(file_);
    }

    /// How many lines have `words`.
    int count(const std::string& words) const {
        const std::string all = text();
        int found = 0;
        for (auto at = all.find(words); at != std::string::npos; at = all.find(words, at + 1))
            ++found;
        return found;
    }

    std::string text() const {
        std::string bytes(static_cast<std::size_t>(::lseek(file_, 0, SEEK_END)), '\0');
        const ssize_t got = ::pread(file_, bytes.data(), bytes.size(), 0);
        bytes.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
        return bytes;
    }

private:
    int file_, before_;
};

}  // namespace shadowcat::otlp::testing
