// SPDX-License-Identifier: Apache-2.0
// Steps from part to part.
#include "format/part_chain.hpp"

#include "format/line_writer.hpp"

#include <system_error>

namespace shadowcat::tape {

sdk::Result<PartChain> PartChain::open(const std::filesystem::path& file) {
    auto source = LineSource::open(file, kMaxLineBytes);
    if (source.has_error()) return source.error();
    return PartChain(PartName(file), *std::move(source));
}

LineSource::Found PartChain::next(std::string_view& line) {
    using Found = LineSource::Found;
    Found found = source_.next(line);
    if (found != Found::end && found != Found::torn) return found;
    if (size_of(part_ + 1) == 0) return found;
    found = source_.next(line);  // what was written before the next part began
    if (found != Found::end || !enter(part_ + 1)) return found;
    return source_.next(line);
}

bool PartChain::enter(std::uint64_t part) {
    auto source = LineSource::open(name_.file(part), kMaxLineBytes);
    if (source.has_error()) return false;
    source_ = *std::move(source);
    part_ = part;
    return true;
}

bool PartChain::seek(std::uint64_t part, std::uint64_t offset, std::uint64_t line) {
    if (part != part_ && !enter(part)) return false;
    source_.seek(offset, line);
    return true;
}

std::uint64_t PartChain::size_of(std::uint64_t part) const noexcept {
    std::error_code failed;
    const auto size = std::filesystem::file_size(name_.file(part), failed);
    return failed ? 0 : size;
}

std::uint64_t PartChain::bytes_read() const noexcept {
    std::uint64_t bytes = source_.consumed();
    for (std::uint64_t part = name_.number; part < part_; ++part)
        bytes += size_of(part);
    return bytes;
}

std::uint64_t PartChain::bytes_total() const noexcept {
    std::uint64_t bytes = 0;
    for (std::uint64_t part = name_.number; const std::uint64_t size = size_of(part); ++part)
        bytes += size;
    return bytes;
}

}  // namespace shadowcat::tape
