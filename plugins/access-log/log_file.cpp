// SPDX-License-Identifier: Apache-2.0
// Opening, appending, rotating.
#include "log_file.hpp"

#include "shadowcat/sdk/log.hpp"

#include "options.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <system_error>

namespace shadowcat::access_log {

namespace {

constexpr mode_t kMode = 0640;
// A pipe that has room for anything has room for a page.
constexpr std::size_t kPipePiece = 4096;
constexpr int kPipePatienceMs = 100;

std::string errno_text(int error) { return std::generic_category().message(error); }

int open_path(const std::string& path) {
    if (path == Options::kStdout) return ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
    if (path == Options::kStderr) return ::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
    // Not waiting: a FIFO without a reader is an error, not a proxy that doesn't start.
    return ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOCTTY,
                  kMode);
}

/// Whether the file of `size` bytes ends in the middle of a line, as after a crash on a full disk.
bool ends_torn(const std::string& path, std::uint64_t size) {
    if (size == 0) return false;
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (descriptor < 0) return false;
    char last = '\n';
    const bool read = ::pread(descriptor, &last, 1, static_cast<off_t>(size - 1)) == 1;
    ::close(descriptor);
    return read && last != '\n';
}

std::string numbered(const std::string& path, unsigned number) {
    return number == 0 ? path : path + "." + std::to_string(number);
}

}  // namespace

LogFile::LogFile(std::string path, std::uint64_t max_bytes, unsigned keep)
    : path_(std::move(path)), max_bytes_(max_bytes), keep_(keep) {}

LogFile::~LogFile() { close(); }

void LogFile::close() noexcept {
    if (descriptor_ >= 0) ::close(descriptor_);
    descriptor_ = -1;
}

sdk::Result<void> LogFile::open() {
    const int descriptor = open_path(path_);
    if (descriptor < 0)
        return sdk::Error(sdk::ErrorCode::config,
                          "path: can't write to \"" + path_ + "\": " + errno_text(errno));
    adopt(descriptor);
    return {};
}

void LogFile::adopt(int descriptor) {
    close();
    descriptor_ = descriptor;
    struct stat about = {};
    regular_ = ::fstat(descriptor_, &about) == 0 && S_ISREG(about.st_mode);
    size_ = regular_ ? static_cast<std::uint64_t>(about.st_size) : 0;
    rotate_at_ = max_bytes_;
    mid_line_ = false;
    const bool torn = regular_ && ends_torn(path_, size_);
    if (torn && ::write(descriptor_, "\n", 1) == 1) ++size_;
}

LogFile::Written LogFile::write(std::string_view text) {
    std::size_t done = 0;
    while (done < text.size()) {
        const std::string_view piece = next_piece(text.substr(done));
        if (!ready()) return Written(done, EAGAIN);
        const ssize_t count = ::write(descriptor_, piece.data(), piece.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return Written(done, count < 0 ? errno : EIO);
        done += static_cast<std::size_t>(count);
        size_ += static_cast<std::uint64_t>(count);
        mid_line_ = text[done - 1] != '\n';
    }
    return Written(done, 0);
}

/// Whole lines, as many as the file may still take; at least one.
std::string_view LogFile::next_piece(std::string_view text) {
    if (!regular_) return text.substr(0, kPipePiece);
    if (max_bytes_ == 0) return text;
    const std::size_t first_line = std::min(text.find('\n'), text.size() - 1) + 1;
    if (mid_line_) return text.substr(0, first_line);
    if (size_ > 0 && size_ + first_line > rotate_at_) rotate();
    const std::uint64_t room = rotate_at_ > size_ ? rotate_at_ - size_ : 0;
    const std::string_view fitting = text.substr(0, static_cast<std::size_t>(room));
    const std::size_t last = fitting.rfind('\n');
    return text.substr(0, last == std::string_view::npos ? first_line : last + 1);
}

bool LogFile::ready() const {
    if (regular_) return true;
    pollfd wanted = {descriptor_, POLLOUT, 0};
    return ::poll(&wanted, 1, kPipePatienceMs) != 0;  // errors are found by writing
}

void LogFile::rotate() {
    int failed = 0;
    for (unsigned number = keep_; number > 0; --number) {
        const std::string from = numbered(path_, number - 1);
        if (std::rename(from.c_str(), numbered(path_, number).c_str()) != 0 && errno != ENOENT)
            failed = errno;
    }
    const int descriptor = failed == 0 ? open_path(path_) : -1;
    if (descriptor >= 0) return adopt(descriptor);
    if (failed == 0) failed = errno;
    sdk::log::warn("access log can't be rotated", {{"path", path_}, {"error", errno_text(failed)}});
    rotate_at_ = size_ + max_bytes_;  // not again with every line
}

}  // namespace shadowcat::access_log
