// SPDX-License-Identifier: Apache-2.0
// What each thread keeps.
#include "read_memory.hpp"

#include <array>
#include <cstddef>

namespace shadowcat::http {

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::size_t kMostKept = 0;  // so that who still uses what has gone is found out
#else
constexpr std::size_t kMostKept = 8;
#endif

/// Trivial, so that looking at it costs no check whether it has been made.
class KeptMemory {
public:
    std::array<char*, 8> blocks{};
    std::size_t count = 0;
    bool watched = false;  // its thread's end empties it
    bool over = false;
};

constinit thread_local KeptMemory kept_memory;

/// Gives everything back when the thread ends.
class KeptUntilEnd {
public:
    KeptUntilEnd() { kept_memory.watched = true; }
    ~KeptUntilEnd() {
        kept_memory.over = true;
        while (kept_memory.count > 0)
            delete[] kept_memory.blocks[--kept_memory.count];
    }
};

void watch_thread_end() { static thread_local const KeptUntilEnd until_end; }

bool keep_block(char* block) {
    if (kept_memory.over || kept_memory.count >= kMostKept) return false;
    if (!kept_memory.watched) watch_thread_end();
    kept_memory.blocks[kept_memory.count++] = block;
    return true;
}

}  // namespace

ReadMemory::ReadMemory(std::size_t size) : size_(size) {
    const bool again = size == kUsual && kept_memory.count > 0;
    data_ = again ? kept_memory.blocks[--kept_memory.count] : new char[size];
}

void ReadMemory::release() noexcept {
    char* const block = std::exchange(data_, nullptr);
    const std::size_t size = std::exchange(size_, 0);
    if (block && (size != kUsual || !keep_block(block))) delete[] block;
}

}  // namespace shadowcat::http
