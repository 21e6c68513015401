// SPDX-License-Identifier: Apache-2.0
// For tests: a disk that is full.
#pragma once

#include <sys/resource.h>

#include <csignal>

namespace shadowcat::tape {

/// While it lives, no file of this process may grow beyond `bytes`; the write that hits the limit
/// is cut short, as on a full disk.
class FullDisk {
public:
    explicit FullDisk(rlim_t bytes) {
        std::signal(SIGXFSZ, SIG_IGN);
        ::getrlimit(RLIMIT_FSIZE, &before_);
        rlimit now = before_;
        now.rlim_cur = bytes;
        ::setrlimit(RLIMIT_FSIZE, &now);
    }
    FullDisk(const FullDisk&) = delete;
    FullDisk& operator=(const FullDisk&) = delete;
    ~FullDisk() { ::setrlimit(RLIMIT_FSIZE, &before_); }

private:
    rlimit before_{};
};

}  // namespace shadowcat::tape
