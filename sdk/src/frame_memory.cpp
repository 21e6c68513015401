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
    std::size_t room = 0;  // bytes that may still be kept
    bool open = true;
};

[[gnu::tls_model("initial-exec")]] constinit thread_local Lists lists;

/// From the first frame released on a thread to its end, frames are kept.
class Keeping {
public:
    Keeping() noexcept {
        lists.room = kRecycles ? kMaxKeptBytes : 0;
        lists.open = false;
    }
    ~Keeping() {
        lists.room = 0;
        for (Released*& list : lists.first) {
            while (list)
                ::operator delete(std::exchange(list, list->next));
        }
    }
};

constexpr std::size_t size_class(std::size_t size) { return (size - 1) / kGranule; }

void keep(void* memory, std::size_t index, std::size_t rounded) noexcept {
    auto* const released = ::new (memory) Released;
    released->next = lists.first[index];
    lists.first[index] = released;
    lists.room -= rounded;
}

/// Apart, so that the usual way needs no registers saved.
[[gnu::noinline]] void release_without_room(void* memory, std::size_t index,
                                            std::size_t rounded) noexcept {
    if (lists.open) static thread_local const Keeping until_the_thread_ends;
    if (rounded > lists.room) return ::operator delete(memory);
    keep(memory, index, rounded);
}

[[gnu::noinline]] void* allocate_new(std::size_t size) { return ::operator new(size); }

}  // namespace

void* allocate_frame(std::size_t size) {
    const std::size_t index = size_class(size);
    if (index >= kSizes) return allocate_new(size);
    const std::size_t rounded = (index + 1) * kGranule;
    Released* const found = lists.first[index];
    if (!found) return allocate_new(rounded);
    lists.first[index] = found->next;
    lists.room += rounded;
    return found;
}

void release_frame(void* memory, std::size_t size) noexcept {
    const std::size_t index = size_class(size);
    if (index >= kSizes) return ::operator delete(memory);
    const std::size_t rounded = (index + 1) * kGranule;
    if (rounded > lists.room) return release_without_room(memory, index, rounded);
    keep(memory, index, rounded);
}

}  // namespace shadowcat::sdk::inline v1
