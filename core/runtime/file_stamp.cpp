// SPDX-License-Identifier: Apache-2.0
// Asking the system.
#include "core/runtime/file_stamp.hpp"

#include <sys/stat.h>

namespace shadowcat::core {

FileStamp FileStamp::of(const std::filesystem::path& file) noexcept {
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

}  // namespace shadowcat::core
