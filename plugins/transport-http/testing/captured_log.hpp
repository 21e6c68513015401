// SPDX-License-Identifier: Apache-2.0
// CapturedLog: what the log says while a test runs.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <string>

namespace shadowcat::http::testing {

/// Gathers what is written to stderr, that is the log, while it lives.
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

    std::string text() const {
        std::string bytes(static_cast<std::size_t>(::lseek(file_, 0, SEEK_END)), '\0');
        const ssize_t got = ::pread(file_, bytes.data(), bytes.size(), 0);
        bytes.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
        return bytes;
    }

    bool has(const std::string& part) const { return text().find(part) != std::string::npos; }

    std::size_t count(const std::string& part) const {
        const std::string all = text();
        std::size_t found = 0;
        for (auto at = all.find(part); at != std::string::npos; at = all.find(part, at + 1))
            ++found;
        return found;
    }

private:
    int file_;
    int before_;
};

}  // namespace shadowcat::http::testing
