// SPDX-License-Identifier: Apache-2.0
// Fills blocks, and keeps them.
#include "record/packed_entries.hpp"

#include <utility>

namespace shadowcat::tape {

void PackedEntries::begin_block() {
    if (spare_.empty()) {
        small_.emplace_back(kBlock);
        return;
    }
    small_.push_back(std::move(spare_.back()));
    spare_.pop_back();
}

char* PackedEntries::make_room(std::size_t bytes) {
    const std::size_t size = padded(bytes);
    if (small_.empty() || small_.back().size - small_.back().used < size) begin_block();
    EntryBlock& block = small_.back();
    char* const at = block.memory.get() + std::exchange(block.used, block.used + size);
    if (!runs_.empty() && runs_.back().end == at) {
        runs_.back().end += size;
    } else {
        runs_.emplace_back(at, at + size);
    }
    return at;
}

void PackedEntries::add(EntryBlock block) {
    runs_.emplace_back(block.memory.get(), block.memory.get() + block.size);
    large_.push_back(std::move(block));
}

void PackedEntries::clear() {
    runs_.clear();
    large_.clear();
    for (EntryBlock& block : small_) {
        if (spare_.size() == kMostSpare) break;
        block.used = 0;
        spare_.push_back(std::move(block));
    }
    small_.clear();
}

}  // namespace shadowcat::tape
