// SPDX-License-Identifier: Apache-2.0
// Reads chunks and finds line feeds.
#include "format/line_source.hpp"

#include "format/line_parser.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

namespace shadowcat::tape {

namespace {

constexpr std::size_t kChunk = 256 * 1024;

sdk::Error cannot_read(const std::filesystem::path& file, const std::string& why) {
    return sdk::Error(sdk::ErrorCode::unreachable, "tape \"" + file.string() + "\": " + why);
}

}  // namespace

sdk::Result<LineSource> LineSource::open(const std::filesystem::path& file, std::size_t max_line) {
    // Not waiting for whoever might write to a FIFO.
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (descriptor < 0) return cannot_read(file, std::generic_category().message(errno));
    LineSource source(descriptor, max_line);
    struct stat about = {};
    if (::fstat(descriptor, &about) != 0 || !S_ISREG(about.st_mode))
        return cannot_read(file, "no regular file");
    return source;
}

LineSource::LineSource(int descriptor, std::size_t max_line)
    : descriptor_(descriptor), max_line_(max_line) {}

LineSource::LineSource(LineSource&& other) noexcept { *this = std::move(other); }

LineSource& LineSource::operator=(LineSource&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    std::swap(max_line_, other.max_line_);
    std::swap(buffer_, other.buffer_);
    std::swap(capacity_, other.capacity_);
    std::swap(base_, other.base_);
    std::swap(begin_, other.begin_);
    std::swap(end_, other.end_);
    std::swap(searched_, other.searched_);
    std::swap(offset_, other.offset_);
    std::swap(number_, other.number_);
    return *this;
}

LineSource::~LineSource() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

std::uint64_t LineSource::size() const noexcept {
    struct stat about = {};
    return ::fstat(descriptor_, &about) == 0 ? static_cast<std::uint64_t>(about.st_size) : 0;
}

void LineSource::seek(std::uint64_t offset, std::uint64_t number) noexcept {
    base_ = offset_ = offset;
    begin_ = end_ = searched_ = 0;
    number_ = number - 1;
}

LineSource::Found LineSource::next(std::string_view& line) {
    while (true) {
        const char* const from = buffer_.get() + searched_;
        const void* feed = end_ > searched_ ? std::memchr(from, '\n', end_ - searched_) : nullptr;
        if (feed != nullptr) {
            const auto at =
                static_cast<std::size_t>(static_cast<const char*>(feed) - buffer_.get());
            if (at - begin_ >= max_line_) return skip_line();
            line = take(at - begin_);
            return Found::line;
        }
        searched_ = end_;
        if (end_ - begin_ >= max_line_) return skip_line();
        if (!fill()) return end_ == begin_ ? Found::end : Found::torn;
    }
}

std::string_view LineSource::take(std::size_t length) {
    const std::string_view line(buffer_.get() + begin_, length);
    offset_ = base_ + begin_;
    ++number_;
    begin_ = searched_ = begin_ + length + 1;
    return line;
}

/// Drops what is there of a line that is too long, up to its line feed. (A long line whose end is
/// still missing counts as skipped; the rest of it is then a bad line.)
LineSource::Found LineSource::skip_line() {
    offset_ = base_ + begin_;
    ++number_;
    while (true) {
        const char* const from = buffer_.get() + begin_;
        const void* feed = end_ > begin_ ? std::memchr(from, '\n', end_ - begin_) : nullptr;
        if (feed != nullptr) {
            begin_ = static_cast<std::size_t>(static_cast<const char*>(feed) - buffer_.get()) + 1;
            break;
        }
        begin_ = end_;
        if (!fill()) break;
    }
    searched_ = begin_;
    return Found::too_long;
}

void LineSource::make_room() {
    const std::size_t unread = end_ - begin_;
    std::size_t wanted = std::max(kChunk, capacity_);
    if (unread < kChunk / 4) wanted = kChunk;  // after a large line
    if (capacity_ - unread < kChunk / 2)
        wanted = std::max(wanted, unread + std::max(unread, kChunk));
    std::unique_ptr<char[]> fresh;
    if (wanted != capacity_) fresh = std::make_unique<char[]>(wanted + LineParser::kPadding);
    if (unread > 0)
        std::memmove(fresh ? fresh.get() : buffer_.get(), buffer_.get() + begin_, unread);
    if (fresh) buffer_ = std::move(fresh);
    capacity_ = wanted;
    base_ += begin_;
    searched_ -= begin_;
    begin_ = 0;
    end_ = unread;
}

/// False when there is nothing more to read.
bool LineSource::fill() {
    if (capacity_ - end_ < kChunk / 4) make_room();
    ssize_t count = 0;
    do {
        count = ::pread(descriptor_, buffer_.get() + end_, capacity_ - end_,
                        static_cast<off_t>(base_ + end_));
    } while (count < 0 && errno == EINTR);
    if (count <= 0) return false;
    end_ += static_cast<std::size_t>(count);
    return true;
}

}  // namespace shadowcat::tape
