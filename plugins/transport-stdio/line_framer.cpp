// SPDX-License-Identifier: Apache-2.0
// Finding line ends and gathering what lies between them.
#include "line_framer.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace shadowcat::transport_stdio {

namespace {

// Message::parse needs readable bytes behind the text; with this much room it doesn't reallocate.
constexpr std::size_t kParserSlack = 64;

}  // namespace

std::span<char> LineFramer::prepare() {
    if (begin_ == end_) begin_ = end_ = 0;
    resize_buffer();
    return std::span<char>(buffer_.get() + end_, capacity_ - end_);
}

void LineFramer::resize_buffer() {
    const std::size_t wanted = wants_large_ ? kLargeBuffer : kSmallBuffer;
    if (end_ != 0 || capacity_ == wanted) return;
    buffer_ = std::make_unique_for_overwrite<char[]>(wanted);
    capacity_ = wanted;
}

std::optional<std::string> LineFramer::next() {
    while (begin_ != end_) {
        const char* from = buffer_.get() + begin_;
        const auto* newline = static_cast<const char*>(std::memchr(from, '\n', end_ - begin_));
        if (!newline) {
            stash(std::string_view(from, end_ - begin_));
            begin_ = end_ = 0;
            break;
        }
        const auto size = static_cast<std::size_t>(newline - from);
        begin_ += size + 1;
        if (auto line = complete(std::string_view(from, size))) return line;
    }
    return ended_ ? finish() : std::nullopt;
}

std::optional<std::string> LineFramer::finish() {
    if (partial_.empty() && !discarding_) return std::nullopt;
    return complete(std::string_view());
}

std::optional<std::string> LineFramer::complete(std::string_view piece) {
    wants_large_ = false;
    if (std::exchange(discarding_, false)) return std::nullopt;
    reserve_for(piece.size());
    partial_.append(piece);
    std::string line = std::exchange(partial_, std::string());
    if (!keeps_all_ && line.ends_with('\r')) line.pop_back();
    if (line.size() > max_line_) {
        ++oversized_;
        return std::nullopt;
    }
    if (!keeps_all_ && is_blank(line)) return std::nullopt;
    return line;
}

void LineFramer::stash(std::string_view piece) {
    wants_large_ = wants_large_ || piece.size() == capacity_;
    if (discarding_) return;
    if (partial_.size() + piece.size() - 1 > max_line_) {  // one more than allowed: a '\r', perhaps
        discarding_ = true;
        ++oversized_;  // now: the line may never end
        partial_ = std::string();
        return;
    }
    partial_.append(piece);
}

void LineFramer::reserve_for(std::size_t more) {
    const std::size_t needed = partial_.size() + more + kParserSlack;
    if (partial_.capacity() < needed) partial_.reserve(needed);
}

std::size_t LineFramer::take_oversized() { return std::exchange(oversized_, 0); }

void LineFramer::clear() {
    begin_ = end_ = 0;
    partial_ = std::string();
    discarding_ = false;
}

}  // namespace shadowcat::transport_stdio
