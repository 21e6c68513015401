// SPDX-License-Identifier: Apache-2.0
// PartName: what the files of a rotated tape are called: NAME.jsonl, NAME.part2.jsonl, …
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace shadowcat::tape {

class PartName {
public:
    explicit PartName(const std::filesystem::path& file);

    std::filesystem::path directory;
    std::string name;          ///< without `.partN` and `.jsonl`
    std::uint64_t number = 1;  ///< 1 for what has no `.partN`

    std::filesystem::path file(std::uint64_t part) const;
};

}  // namespace shadowcat::tape
