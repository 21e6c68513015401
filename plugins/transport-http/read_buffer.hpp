// SPDX-License-Identifier: Apache-2.0
// ReadBuffer: bytes of one connection that were read and not yet consumed.
#pragma once

#include "shadowcat/sdk/asio.hpp"

#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>

namespace shadowcat::http {

using namespace shadowcat::sdk;

/// Allocated at the first read and kept; grown for large requests, shrunk after them.
class ReadBuffer {
public:
    static constexpr std::size_t kUsual = std::size_t{16} * 1024;
    static constexpr std::size_t kLarge = std::size_t{64} * 1024;

    std::string_view pending() const noexcept { return {data_.get() + begin_, end_ - begin_}; }
    bool empty() const noexcept { return begin_ == end_; }
    std::size_t capacity() const noexcept { return capacity_; }

    void consume(std::size_t count) noexcept {
        begin_ += count;
        if (begin_ == end_) begin_ = end_ = 0;
    }

    /// Free space behind the pending bytes, in a buffer of at least `size` bytes; empty when it is
    /// full.
    asio::mutable_buffer prepare(std::size_t size = kUsual) {
        if (size > capacity_) {
            resize(size);
        } else if (begin_ > 0) {
            std::memmove(data_.get(), data_.get() + begin_, end_ - begin_);
            end_ -= begin_;
            begin_ = 0;
        }
        return {data_.get() + end_, capacity_ - end_};
    }

    void commit(std::size_t count) noexcept { end_ += count; }

    /// Gives the memory of a large request back.
    void shrink() {
        if (capacity_ > kUsual && end_ - begin_ <= kUsual) resize(kUsual);
    }

    /// Gives all memory back; nothing may be pending.
    void release() {
        data_.reset();
        capacity_ = 0;
    }

private:
    void resize(std::size_t size) {
        auto next = std::make_unique_for_overwrite<char[]>(size);
        if (!empty()) std::memcpy(next.get(), data_.get() + begin_, end_ - begin_);
        end_ -= begin_;
        begin_ = 0;
        data_ = std::move(next);
        capacity_ = size;
    }

    std::unique_ptr<char[]> data_;
    std::size_t capacity_ = 0;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

}  // namespace shadowcat::http
