// SPDX-License-Identifier: Apache-2.0
// The memory of coroutine frames and of pending operations: given back, it is kept for the next.
#pragma once

#include "shadowcat/sdk/export.hpp"

#include <cstddef>
#include <type_traits>

namespace shadowcat::sdk::inline v1 {

/// Memory for `size` bytes, aligned as `operator new` aligns. Each thread keeps what was released
/// on it, by size, up to a bound (512 KiB in all), and takes from there first: a proxied call costs
/// no allocation for its coroutines. Throws `std::bad_alloc`.
SHADOWCAT_API void* allocate_frame(std::size_t size);

/// Gives back what `allocate_frame(size)` returned, on any thread.
SHADOWCAT_API void release_frame(void* memory, std::size_t size) noexcept;

/// The same as a standard allocator, for what Asio allocates for each operation.
template <class T>
class FrameAllocator {
public:
    using value_type = T;
    using is_always_equal = std::true_type;

    FrameAllocator() noexcept = default;
    template <class U>
    FrameAllocator(const FrameAllocator<U>& /*other*/) noexcept {}  // NOLINT: allocators convert

    T* allocate(std::size_t count) {
        static_assert(alignof(T) <= __STDCPP_DEFAULT_NEW_ALIGNMENT__);
        return static_cast<T*>(allocate_frame(count * sizeof(T)));
    }
    void deallocate(T* memory, std::size_t count) noexcept {
        release_frame(memory, count * sizeof(T));
    }

    template <class U>
    bool operator==(const FrameAllocator<U>& /*other*/) const noexcept {
        return true;
    }
};

/// Asio rebinds before it allocates.
template <>
class FrameAllocator<void> {
public:
    using value_type = void;
    FrameAllocator() noexcept = default;
    template <class U>
    FrameAllocator(const FrameAllocator<U>& /*other*/) noexcept {}  // NOLINT: allocators convert
};

}  // namespace shadowcat::sdk::inline v1
