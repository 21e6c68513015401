// SPDX-License-Identifier: Apache-2.0
// The second number of /proc/self/statm, in pages.
#include "core/runtime/resident_memory.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <charconv>
#include <cstring>

namespace shadowcat::core {

std::size_t resident_memory() noexcept {
    const int descriptor = ::open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return 0;
    char text[128];
    const ssize_t size = ::read(descriptor, text, sizeof(text));
    ::close(descriptor);
    if (size <= 0) return 0;
    const char* const end = text + size;
    const auto* const space = static_cast<const char*>(std::memchr(text, ' ', sizeof(text)));
    if (space == nullptr || space >= end) return 0;
    std::size_t pages = 0;
    std::from_chars(space + 1, end, pages);
    return pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace shadowcat::core
