// SPDX-License-Identifier: Apache-2.0
// Lists of released frames, one for each size and thread.
#include "shadowcat/sdk/frame_memory.hpp"

#include <array>
#include <cstdint>
#include <new>
#include <utility>

namespace shadowcat::sdk::inline v1 {

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kRecycles = false;  // so that who still uses a frame that has gone is found out
#else
constexpr bool kRecycles = true;
#endif

constexpr std::size_t kGranule = 64;
constexpr std::size_t kSizes = 64;
constexpr std::size_t kMaxKeptBytes = 512 * 1024;

class Released {
public:
    Released* next = nullptr;
};

/// Trivial, so that looking at it costs no check whether it has been made.
class Lists {
public:
    std::array<Released*, kSizes> first{};
    std::size_t bytes = 0;
    bool watched = false;  // its thread's end empties it
    bool over = false;
};

[[gnu::tls_model("initial-exec")]] constinit thread_local Lists lists;

/// Empties the lists when the thread ends.
class AtThreadEnd {
public:
    AtThreadEnd() { lists.watched = true; }
    ~AtThreadEnd() {
        lists.over = true;
        for (Released*& list : lists.first) {
            while (list)
                ::operator delete(std::exchange(list, list->next));
        }
    }
};

void watch_thread_end() { static thread_local const AtThreadEnd at_end; }

constexpr std::size_t size_class(std::size_t size) { return (size - 1) / kGranule; }

bool keeps(std::size_t size) {
    if (lists.over || lists.bytes + size > kMaxKeptBytes) return false;
    if (!lists.watched) watch_thread_end();
    return true;
}

}  // namespace

void* allocate_frame(std::size_t size) {
    const std::size_t index = size_class(size);
    if (!kRecycles || index >= kSizes) return ::operator new(size);
    const std::size_t rounded = (index + 1) * kGranule;
    Released* const found = lists.first[index];
    if (!found) return ::operator new(rounded);
    lists.first[index] = found->next;
    lists.bytes -= rounded;
    return found;
}

void release_frame(void* memory, std::size_t size) noexcept {
    const std::size_t index = size_class(size);
    const std::size_t rounded = (index + 1) * kGranule;
    if (!kRecycles || index >= kSizes || !keeps(rounded)) return ::operator delete(memory);
    auto* const released = ::new (memory) Released;
    released->next = lists.first[index];
    lists.first[index] = released;
    lists.bytes += rounded;
}

}  // namespace shadowcat::sdk::inline v1
