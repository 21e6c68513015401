// SPDX-License-Identifier: Apache-2.0
// FileStamp: by which a rules file is known to have changed; and reading it.
#pragma once

#include "shadowcat/sdk/result.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace shadowcat::intercept {

/// What `stat` says of a file, links followed: replaced (another inode), rewritten (another time or
/// size), gone.
class FileStamp {
public:
    FileStamp() = default;
    static FileStamp of(const std::string& file) noexcept;
    bool operator==(const FileStamp&) const = default;

private:
    std::uint64_t device_ = 0, inode_ = 0, size_ = 0;
    std::int64_t seconds_ = 0, nanoseconds_ = 0;
};

/// The file's bytes, at most `limit` + 1 of them. Fails with `config`, naming the file.
sdk::Result<std::string> read_file(const std::string& file, std::size_t limit);

}  // namespace shadowcat::intercept
