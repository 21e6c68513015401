// SPDX-License-Identifier: Apache-2.0
// StderrCapture: what the process writes to stderr, its log, for as long as this lives.
#pragma once

#include "descriptor.hpp"

#include <fcntl.h>

#include <cstdio>
#include <string>

namespace shadowcat::http {

/// One at a time.
class StderrCapture {
public:
    StderrCapture() : file_(std::tmpfile()), before_(::dup(STDERR_FILENO)) {
        std::fflush(stderr);
        ::dup2(::fileno(file_), STDERR_FILENO);
    }
    ~StderrCapture() {
        std::fflush(stderr);
        ::dup2(before_.number(), STDERR_FILENO);
        std::fclose(file_);
    }
    StderrCapture(const StderrCapture&) = delete;
    StderrCapture& operator=(const StderrCapture&) = delete;

    std::string text() const {
        std::fflush(stderr);
        std::string all(std::size_t{1} << 20, '\0');
        const ssize_t got = ::pread(::fileno(file_), all.data(), all.size(), 0);
        all.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
        return all;
    }

    std::size_t count(const std::string& what) const {
        const std::string all = text();
        std::size_t found = 0;
        for (auto at = all.find(what); at != std::string::npos; at = all.find(what, at + 1))
            ++found;
        return found;
    }

private:
    std::FILE* file_;
    Descriptor before_;
};

}  // namespace shadowcat::http
