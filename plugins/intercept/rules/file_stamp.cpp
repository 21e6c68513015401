// SPDX-License-Identifier: Apache-2.0
// Asks the file system.
#include "rules/file_stamp.hpp"

#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

namespace shadowcat::intercept {

FileStamp FileStamp::of(const std::string& file) noexcept {
    struct stat status {};
    FileStamp stamp;
    if (::stat(file.c_str(), &status) != 0) return stamp;
    stamp.device_ = status.st_dev;
    stamp.inode_ = status.st_ino;
    stamp.size_ = static_cast<std::uint64_t>(status.st_size);
    stamp.seconds_ = status.st_mtim.tv_sec;
    stamp.nanoseconds_ = status.st_mtim.tv_nsec;
    return stamp;
}

sdk::Result<std::string> read_file(const std::string& file, std::size_t limit) {
    const auto failure = [&](int code) {
        return sdk::Error(sdk::ErrorCode::config, file + ": can't be read: " + std::strerror(code));
    };
    struct stat status {};
    if (::stat(file.c_str(), &status) != 0) return failure(errno);
    if (S_ISDIR(status.st_mode)) return failure(EISDIR);
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> opened(std::fopen(file.c_str(), "rbe"),
                                                                 std::fclose);
    if (!opened) return failure(errno);
    std::string text;
    std::array<char, 16384> block{};
    while (text.size() <= limit) {
        const std::size_t got = std::fread(block.data(), 1, block.size(), opened.get());
        if (got == 0) break;
        text.append(block.data(), got);
    }
    if (std::ferror(opened.get()) != 0) return failure(EIO);
    return text;
}

}  // namespace shadowcat::intercept
