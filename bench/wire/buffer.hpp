// SPDX-License-Identifier: Apache-2.0
// A growing byte queue: read straight into it, look at it, drop what is done.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string_view>
#include <utility>

namespace bench {

/// Unlike std::string it doesn't fill with zeros what `read` overwrites, and dropping from the
/// front costs nothing. Capacity doubles, so a 1 MiB message is copied a bounded number of times
/// on its way in, and not at all when its length was known before.
class Buffer {
public:
    Buffer() = default;
    Buffer(Buffer&& other) noexcept { swap(other); }
    Buffer& operator=(Buffer&& other) noexcept {
        swap(other);
        return *this;
    }
    ~Buffer() { std::free(bytes_); }

    std::string_view view() const { return {bytes_ + begin_, end_ - begin_}; }
    char* data() { return bytes_ + begin_; }
    std::size_t size() const { return end_ - begin_; }
    bool empty() const { return begin_ == end_; }

    /// Room for `count` more bytes behind what is there; `commit` tells how many came.
    char* prepare(std::size_t count) {
        if (capacity_ - end_ < count) make_room(count);
        return bytes_ + end_;
    }
    std::size_t room() const { return capacity_ - end_; }
    void commit(std::size_t count) { end_ += count; }

    void append(std::string_view text) {
        if (text.empty()) return;
        std::memcpy(prepare(text.size()), text.data(), text.size());
        commit(text.size());
    }

    void consume(std::size_t count) {
        begin_ += count;
        if (begin_ == end_) clear();
    }
    void clear() { begin_ = end_ = 0; }

private:
    void swap(Buffer& other) noexcept {
        std::swap(bytes_, other.bytes_);
        std::swap(capacity_, other.capacity_);
        std::swap(begin_, other.begin_);
        std::swap(end_, other.end_);
    }

    void make_room(std::size_t count) {
        if (begin_ > 0) {
            std::memmove(bytes_, bytes_ + begin_, size());
            end_ -= begin_;
            begin_ = 0;
        }
        if (capacity_ - end_ >= count) return;
        std::size_t wanted = capacity_ * 2;
        if (wanted < end_ + count) wanted = end_ + count;
        auto* const larger = static_cast<char*>(std::realloc(bytes_, wanted));
        if (larger == nullptr) throw std::bad_alloc();
        bytes_ = larger;
        capacity_ = wanted;
    }

    char* bytes_ = nullptr;
    std::size_t capacity_ = 0;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

}  // namespace bench
