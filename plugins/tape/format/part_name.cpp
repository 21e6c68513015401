// SPDX-License-Identifier: Apache-2.0
// Takes file names apart.
#include "format/part_name.hpp"

#include <charconv>

namespace shadowcat::tape {

PartName::PartName(const std::filesystem::path& file)
    : directory(file.parent_path()), name(file.stem().string()) {
    constexpr std::string_view kPart = ".part";
    const std::size_t at = name.rfind(kPart);
    if (at == std::string::npos || at == 0) return;
    const char* const end = name.data() + name.size();
    std::uint64_t found = 0;
    const auto read = std::from_chars(name.data() + at + kPart.size(), end, found);
    if (read.ec != std::errc() || read.ptr != end || found < 2) return;
    number = found;
    name.resize(at);
}

std::filesystem::path PartName::file(std::uint64_t part) const {
    return directory / (name + (part == 1 ? "" : ".part" + std::to_string(part)) + ".jsonl");
}

}  // namespace shadowcat::tape
