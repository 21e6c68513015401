// SPDX-License-Identifier: Apache-2.0
// As the kernel and glibc count it.
#include "core/runtime/free_memory.hpp"

#include <malloc.h>
#include <unistd.h>

#include <fstream>

namespace shadowcat::core {

namespace {

constexpr sdk::Duration kLookInterval = std::chrono::seconds(1);

/// Resident memory that no file is behind; 0 where that can't be known.
std::size_t own_resident_bytes() {
    std::ifstream counts("/proc/self/statm");
    std::size_t size = 0, resident = 0, of_files = 0;
    if (!(counts >> size >> resident >> of_files) || of_files > resident) return 0;
    return (resident - of_files) * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

std::size_t allocated_bytes() {
    const struct mallinfo2 heap = ::mallinfo2();
    return heap.uordblks + heap.hblkhd;
}

}  // namespace

void FreeMemory::on_tick(sdk::TimePoint now) {
    if (now < next_) return;
    next_ = now + kLookInterval;
    if (is_worth(own_resident_bytes(), allocated_bytes())) ::malloc_trim(0);
}

}  // namespace shadowcat::core
