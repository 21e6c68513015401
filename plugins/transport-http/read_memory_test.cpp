// SPDX-License-Identifier: Apache-2.0
// Memory comes and goes, also between threads.
#include "read_buffer.hpp"

#include <doctest/doctest.h>

#include <thread>
#include <vector>

using namespace shadowcat::http;

TEST_CASE("read memory has the size that was asked for, and moves") {
    ReadMemory usual(ReadMemory::kUsual);
    ReadMemory small(100);
    CHECK(usual.size() == ReadMemory::kUsual);
    CHECK(small.size() == 100);
    usual.data()[ReadMemory::kUsual - 1] = small.data()[99] = 'x';
    const char* const bytes = small.data();
    usual = std::move(small);
    CHECK(usual.data() == bytes);
    CHECK(usual.size() == 100);
    CHECK(small.data() == nullptr);
    usual.release();
    CHECK(usual.size() == 0);
}

TEST_CASE("read memory that is held at the same time is not the same") {
    std::vector<ReadMemory> all;
    for (std::size_t i = 0; i < 20; ++i) {
        all.emplace_back(ReadMemory::kUsual);
        all.back().data()[0] = static_cast<char>('a' + i);
    }
    all.erase(all.begin() + 10, all.end());
    for (std::size_t i = 10; i < 20; ++i) {
        all.emplace_back(ReadMemory::kUsual);
        all.back().data()[0] = static_cast<char>('a' + i);
    }
    for (std::size_t i = 0; i < all.size(); ++i)
        CHECK(all[i].data()[0] == static_cast<char>('a' + i));
}

TEST_CASE("read memory may be released on another thread, which may end") {
    ReadMemory here(ReadMemory::kUsual);
    std::thread([moved = std::move(here)]() mutable { moved.release(); }).join();
    CHECK(here.data() == nullptr);
}

TEST_CASE("a read buffer grows, keeps what is pending, and shrinks") {
    ReadBuffer buffer;
    CHECK(buffer.prepare().size() == ReadBuffer::kUsual);
    std::memcpy(buffer.prepare().data(), "abcdef", 6);
    buffer.commit(6);
    buffer.consume(2);
    CHECK(buffer.prepare(ReadBuffer::kLarge).size() == ReadBuffer::kLarge - 4);
    CHECK(buffer.pending() == "cdef");
    buffer.shrink();
    CHECK(buffer.capacity() == ReadBuffer::kUsual);
    CHECK(buffer.pending() == "cdef");
    buffer.consume(4);
    buffer.release();
    CHECK(buffer.empty());
    CHECK(buffer.capacity() == 0);
}
