// SPDX-License-Identifier: Apache-2.0
// ReadMemory: the memory that something is read into; the usual size is kept for the next reader.
#pragma once

#include <cstddef>
#include <utility>

namespace shadowcat::http {

/// Each thread keeps a few of the usual size. So connections hold memory only while there is
/// something to read, and a busy worker reads everything into the same, warm bytes. Movable; may
/// be released on any thread.
class ReadMemory {
public:
    static constexpr std::size_t kUsual = std::size_t{16} * 1024;

    ReadMemory() noexcept = default;
    explicit ReadMemory(std::size_t size);
    ReadMemory(ReadMemory&& other) noexcept
        : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
    ReadMemory& operator=(ReadMemory&& other) noexcept {
        std::swap(data_, other.data_);
        std::swap(size_, other.size_);
        other.release();
        return *this;
    }
    ~ReadMemory() { release(); }

    char* data() const noexcept { return data_; }
    std::size_t size() const noexcept { return size_; }

    void release() noexcept;

private:
    char* data_ = nullptr;
    std::size_t size_ = 0;
};

}  // namespace shadowcat::http
