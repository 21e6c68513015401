// SPDX-License-Identifier: Apache-2.0
// PackedEntries: entries one behind the other, in memory that is used again.
#pragma once

#include "record/entry.hpp"

#include <cstddef>
#include <memory>
#include <vector>

namespace shadowcat::tape {

/// A piece of memory that entries stand in.
class EntryBlock {
public:
    EntryBlock() = default;
    explicit EntryBlock(std::size_t bytes)
        : size(bytes), memory(std::make_unique_for_overwrite<char[]>(bytes)) {}

    std::size_t used = 0;
    std::size_t size = 0;
    std::unique_ptr<char[]> memory;
};

/// Blocks of 64 KiB hold what is small; what isn't has a block of its own, which can be filled
/// before it is added. Threads take turns: whoever has it to himself uses it.
class PackedEntries {
public:
    static constexpr std::size_t kSmall = 8 * 1024;

    /// Room for `bytes` (`kSmall` at most), for a whole entry.
    char* make_room(std::size_t bytes);

    /// A block that one entry fills.
    void add(EntryBlock block);

    bool empty() const noexcept { return runs_.empty(); }

    /// In the order in which they were added; each goes when `visit` ends.
    template <class Visit>
    void for_each(Visit visit) const {
        for (const Run& run : runs_) {
            for (const char* at = run.begin; at < run.end;) {
                Entry entry(at);
                at += padded(entry.bytes());
                visit(entry);
            }
        }
    }

    /// Keeps some blocks for what comes next.
    void clear();

    void swap(PackedEntries& other) noexcept {
        runs_.swap(other.runs_);
        small_.swap(other.small_);
        large_.swap(other.large_);
        spare_.swap(other.spare_);
    }

private:
    static constexpr std::size_t kBlock = 64 * 1024;
    static constexpr std::size_t kMostSpare = 16;

    static std::size_t padded(std::size_t bytes) { return (bytes + 7) & ~std::size_t{7}; }

    /// Entries that stand behind each other and were added one after the other.
    class Run {
    public:
        Run(const char* from, const char* to) : begin(from), end(to) {}
        const char* begin;
        const char* end;
    };

    void begin_block();

    std::vector<Run> runs_;
    std::vector<EntryBlock> small_;  // the last one is being filled
    std::vector<EntryBlock> large_;
    std::vector<EntryBlock> spare_;
};

}  // namespace shadowcat::tape
