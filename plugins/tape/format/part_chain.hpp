// SPDX-License-Identifier: Apache-2.0
// PartChain: the lines of a tape's parts, one after the other.
#pragma once

#include "shadowcat/sdk/result.hpp"

#include "format/line_source.hpp"
#include "format/part_name.hpp"

#include <cstdint>
#include <filesystem>
#include <string_view>
#include <utility>

namespace shadowcat::tape {

class PartChain {
public:
    static sdk::Result<PartChain> open(const std::filesystem::path& file);

    /// As `LineSource::next`; goes on with the next part where there is one.
    LineSource::Found next(std::string_view& line);

    /// Of the line that was found last.
    std::uint64_t part() const noexcept { return part_; }
    std::uint64_t first_part() const noexcept { return name_.number; }
    std::uint64_t offset() const noexcept { return source_.offset(); }
    std::uint64_t line() const noexcept { return source_.number(); }

    /// Goes to a line's beginning; false when that part can't be opened.
    bool seek(std::uint64_t part, std::uint64_t offset, std::uint64_t line);

    std::uint64_t bytes_read() const noexcept;
    std::uint64_t bytes_total() const noexcept;

private:
    PartChain(PartName name, LineSource source)
        : name_(std::move(name)), source_(std::move(source)), part_(name_.number) {}
    bool enter(std::uint64_t part);
    std::uint64_t size_of(std::uint64_t part) const noexcept;

    PartName name_;
    LineSource source_;
    std::uint64_t part_;
};

}  // namespace shadowcat::tape
