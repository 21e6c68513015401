// SPDX-License-Identifier: Apache-2.0
// Writes whole lines for as long as somebody takes them.
#include "output.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace shadowcat::watch {

namespace {

constexpr mode_t kOwnerOnly = 0600;
// A pipe that has room for anything has room for a page; and lines of others on the same terminal
// come between ours, not into them.
constexpr std::size_t kPage = 4096;
constexpr int kReaderPatienceMs = 100;

int open_output(const std::string& path) {
    // Not made non-blocking: stderr is also the shell's and other processes'.
    if (path == Output::kStderr) return ::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
    return ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOCTTY,
                  kOwnerOnly);
}

/// Whole lines of at most a page; of a longer line a page.
std::string_view next_page(std::string_view lines) {
    if (lines.size() <= kPage) return lines;
    const std::size_t last = lines.substr(0, kPage).rfind('\n');
    return lines.substr(0, last == std::string_view::npos ? kPage : last + 1);
}

}  // namespace

Output::~Output() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

sdk::Result<void> Output::open() {
    descriptor_ = open_output(path_);
    if (descriptor_ < 0)
        return sdk::Error(sdk::ErrorCode::config, "output: can't write to \"" + path_ + "\": " +
                                                      std::generic_category().message(errno));
    struct stat about = {};
    regular_ = ::fstat(descriptor_, &about) == 0 && S_ISREG(about.st_mode);
    terminal_ = ::isatty(descriptor_) == 1;
    return {};
}

std::size_t Output::write(std::string_view lines) {
    while (!lines.empty()) {
        const std::string_view page = next_page(lines);
        if (!write_whole(page)) break;
        lines.remove_prefix(page.size());
    }
    return static_cast<std::size_t>(std::ranges::count(lines, '\n'));
}

bool Output::write_whole(std::string_view piece) {
    while (!piece.empty()) {
        if (descriptor_ < 0 || !ready()) return false;
        const ssize_t count = ::write(descriptor_, piece.data(), piece.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return false;
        piece.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

/// A terminal that was stopped, or a pipe that nobody empties, isn't.
bool Output::ready() const noexcept {
    if (regular_) return true;
    pollfd wanted = {descriptor_, POLLOUT, 0};
    return ::poll(&wanted, 1, kReaderPatienceMs) > 0;
}

std::size_t Output::width() const noexcept { return terminal_ ? terminal_width(descriptor_) : 0; }

std::size_t terminal_width(int descriptor) noexcept {
    winsize size = {};
    return ::ioctl(descriptor, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

}  // namespace shadowcat::watch
