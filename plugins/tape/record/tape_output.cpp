// SPDX-License-Identifier: Apache-2.0
// Opens and appends.
#include "record/tape_output.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace shadowcat::tape {

namespace {

constexpr int kFlags = O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
constexpr std::size_t kKeptBuffer = 1024 * 1024;

}  // namespace

TapeOutput::~TapeOutput() { rest(); }

void TapeOutput::rest() noexcept {
    if (descriptor_ >= 0) ::close(descriptor_);
    descriptor_ = -1;
}

int TapeOutput::create(const std::filesystem::path& file) {
    const int descriptor = ::open(file.c_str(), kFlags | O_CREAT | O_EXCL, 0600);
    if (descriptor < 0) return errno;
    rest();
    descriptor_ = descriptor;
    file_ = part_file_ = file;
    written_ = 0;
    return 0;
}

int TapeOutput::reopen() {
    if (descriptor_ >= 0) return 0;
    descriptor_ = ::open(part_file_.c_str(), kFlags);
    return descriptor_ < 0 ? errno : 0;
}

int TapeOutput::flush() {
    if (text.empty()) return 0;
    int error = reopen();
    std::size_t done = 0;
    while (error == 0 && done < text.size()) {
        const ssize_t count = ::write(descriptor_, text.data() + done, text.size() - done);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) error = count < 0 ? errno : EIO;
        done += static_cast<std::size_t>(std::max<ssize_t>(count, 0));
    }
    written_ += done;
    text.erase(0, done);
    if (text.empty() && text.capacity() > kKeptBuffer) text = std::string();
    return error;
}

int TapeOutput::next_part() {
    const std::filesystem::path file = PartName(file_).file(part_ + 1);
    const int descriptor = ::open(file.c_str(), kFlags | O_CREAT | O_EXCL, 0600);
    if (descriptor < 0) return errno;
    rest();
    descriptor_ = descriptor;
    part_file_ = file;
    ++part_;
    written_ = 0;
    return 0;
}

int make_directory(const std::filesystem::path& directory) {
    if (directory.empty()) return 0;
    struct stat about = {};
    if (::stat(directory.c_str(), &about) == 0) return S_ISDIR(about.st_mode) ? 0 : ENOTDIR;
    const auto above = directory.parent_path();
    const int failed = above == directory ? 0 : make_directory(above);
    if (failed != 0) return failed;
    if (::mkdir(directory.c_str(), 0700) == 0 || errno == EEXIST) return 0;
    return errno;
}

}  // namespace shadowcat::tape
