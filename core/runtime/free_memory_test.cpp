// SPDX-License-Identifier: Apache-2.0
// When free memory is given back.
#include "core/runtime/free_memory.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <vector>

using namespace shadowcat::core;

TEST_CASE("only much free memory is worth giving back") {
    constexpr std::size_t kMiB = std::size_t{1} << 20;
    CHECK_FALSE(FreeMemory::is_worth(0, 0));
    CHECK_FALSE(FreeMemory::is_worth(20 * kMiB, 15 * kMiB));
    CHECK_FALSE(FreeMemory::is_worth(20 * kMiB, 30 * kMiB));
    CHECK(FreeMemory::is_worth(40 * kMiB, 15 * kMiB));
}

TEST_CASE("what is in use stays as it is") {
    std::vector<std::unique_ptr<std::vector<char>>> blocks;
    for (int i = 0; i < 200; ++i)
        blocks.push_back(std::make_unique<std::vector<char>>(100'000, 'x'));
    for (std::size_t i = 0; i < blocks.size(); i += 2)
        blocks[i].reset();
    FreeMemory memory;
    memory.on_tick(shadowcat::sdk::TimePoint(std::chrono::seconds(1)));
    for (std::size_t i = 1; i < blocks.size(); i += 2)
        CHECK(std::string_view(blocks[i]->data(), blocks[i]->size()) == std::string(100'000, 'x'));
}
