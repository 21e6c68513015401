// SPDX-License-Identifier: Apache-2.0
// Retention: deletes the oldest tapes of a directory.
#pragma once

#include <cstdint>
#include <filesystem>

namespace shadowcat::tape {

class RetentionLimits {
public:
    RetentionLimits(std::uint64_t files, std::uint64_t bytes)
        : max_files(files), max_bytes(bytes) {}

    std::uint64_t max_files;  ///< 0: any number
    std::uint64_t max_bytes;  ///< 0: any size
};

/// Deletes finished tapes, oldest first, until the directory's tapes keep to the limits: whole
/// tapes, with all their parts and their metadata, and nothing that isn't a tape with metadata. A
/// tape counts as finished when its metadata says so, or wasn't touched for a day. Gives the number
/// of tapes deleted.
std::uint64_t delete_old_tapes(const std::filesystem::path& directory,
                               const RetentionLimits& limits);

}  // namespace shadowcat::tape
