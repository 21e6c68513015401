// SPDX-License-Identifier: Apache-2.0
// ProcessIds and own_children: which processes there are, according to /proc.
#pragma once

#include <sys/types.h>

#include <array>
#include <cstddef>
#include <vector>

namespace shadowcat::transport_stdio {

/// Every process that can be seen, one by one. Allocates nothing; async-signal-safe.
class ProcessIds {
public:
    ProcessIds() noexcept;
    ProcessIds(const ProcessIds&) = delete;
    ProcessIds& operator=(const ProcessIds&) = delete;
    ~ProcessIds();

    /// 0 behind the last one.
    pid_t next() noexcept;

private:
    bool refill() noexcept;

    int directory_;
    std::size_t at_ = 0, end_ = 0;
    alignas(8) std::array<char, 4096> entries_;
};

/// Our children that the main thread has, dead or alive: those that came to us when their parents
/// died, and those that the main thread itself started. What other threads started isn't listed.
/// One may be missing while others end; whoever needs to be sure looks again.
std::vector<pid_t> own_children();

}  // namespace shadowcat::transport_stdio
