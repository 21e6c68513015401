// SPDX-License-Identifier: Apache-2.0
// ReadBuffer: bytes of one connection that were read and not yet consumed.
#pragma once

#include "shadowcat/sdk/asio.hpp"

#include "read_memory.hpp"

#include <cstddef>
#include <cstring>
#include <string_view>

namespace shadowcat::http {

using namespace shadowcat::sdk;

/// Allocated at the first read; grown for large messages, shrunk after them.
class ReadBuffer {
public:
    static constexpr std::size_t kUsual = ReadMemory::kUsual;
    static constexpr std::size_t kLarge = std::size_t{64} * 1024;

    std::string_view pending() const noexcept { return {memory_.data() + begin_, end_ - begin_}; }
    bool empty() const noexcept { return begin_ == end_; }
    std::size_t capacity() const noexcept { return memory_.size(); }

    void consume(std::size_t count) noexcept {
        begin_ += count;
        if (begin_ == end_) begin_ = end_ = 0;
    }

    /// Free space behind the pending bytes, in a buffer of at least `size` bytes; empty when it is
    /// full.
    asio::mutable_buffer prepare(std::size_t size = kUsual) {
        if (size > capacity()) {
            resize(size);
        } else if (begin_ > 0) {
            std::memmove(memory_.data(), memory_.data() + begin_, end_ - begin_);
            end_ -= begin_;
            begin_ = 0;
        }
        return {memory_.data() + end_, capacity() - end_};
    }

    void commit(std::size_t count) noexcept { end_ += count; }

    /// Gives the memory of a large request back.
    void shrink() {
        if (capacity() > kUsual && end_ - begin_ <= kUsual) resize(kUsual);
    }

    /// Gives all memory back; nothing may be pending.
    void release() noexcept { memory_.release(); }

private:
    void resize(std::size_t size) {
        ReadMemory next(size);
        if (!empty()) std::memcpy(next.data(), memory_.data() + begin_, end_ - begin_);
        end_ -= begin_;
        begin_ = 0;
        memory_ = std::move(next);
    }

    ReadMemory memory_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

}  // namespace shadowcat::http
