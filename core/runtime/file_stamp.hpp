// SPDX-License-Identifier: Apache-2.0
// FileStamp: by which a file is known to have changed.
#pragma once

#include <cstdint>
#include <filesystem>

namespace shadowcat::core {

/// What `stat` says of a file, links followed: replaced (another inode), rewritten (another time or
/// size), gone. Compared once a second, which also sees what inotify can't: a link high up in the
/// path that points elsewhere, as Kubernetes does it.
class FileStamp {
public:
    FileStamp() = default;
    static FileStamp of(const std::filesystem::path& file) noexcept;

    bool operator==(const FileStamp&) const = default;
    bool exists() const noexcept { return inode_ != 0; }

private:
    std::uint64_t device_ = 0, inode_ = 0, size_ = 0;
    std::int64_t seconds_ = 0, nanoseconds_ = 0;
};

}  // namespace shadowcat::core
