// SPDX-License-Identifier: Apache-2.0
// Adds everything up, and deletes from the oldest on.
#include "record/retention.hpp"

#include "shadowcat/sdk/log.hpp"

#include "format/part_name.hpp"
#include "format/tape_files.hpp"
#include "format/tape_meta.hpp"

#include <system_error>
#include <vector>

namespace shadowcat::tape {

namespace {

namespace fs = std::filesystem;

constexpr auto kAbandoned = std::chrono::hours(24);

/// The files of one tape.
class TapeSet {
public:
    explicit TapeSet(const fs::path& first) : meta(meta_file(first)) {
        const PartName name(first);
        std::error_code failed;
        for (std::uint64_t part = 1;; ++part) {
            const auto size = fs::file_size(name.file(part), failed);
            if (failed) break;
            parts.push_back(name.file(part));
            bytes += size;
        }
    }

    std::vector<fs::path> parts;
    fs::path meta;
    std::uint64_t bytes = 0;
};

bool is_finished(const TapeSet& set) {
    const auto meta = read_meta(set.parts.front());
    if (meta.has_error()) return false;
    if (meta->status != TapeMeta::Status::recording && !meta->finalized_at.empty()) return true;
    std::error_code failed;
    const auto touched = fs::last_write_time(set.meta, failed);
    return !failed && fs::file_time_type::clock::now() - touched > kAbandoned;
}

void delete_tape(const TapeSet& set) {
    std::error_code failed;
    fs::remove(set.meta, failed);
    for (auto part = set.parts.rbegin(); part != set.parts.rend(); ++part)
        fs::remove(*part, failed);
    sdk::log::info("tape deleted", {{"path", set.parts.front().string()}, {"bytes", set.bytes}});
}

bool exceeds(std::uint64_t value, std::uint64_t limit) { return limit != 0 && value > limit; }

}  // namespace

std::uint64_t delete_old_tapes(const fs::path& directory, const RetentionLimits& limits) {
    std::vector<TapeSet> sets;
    std::uint64_t files = 0;
    std::uint64_t bytes = 0;
    for (const fs::path& tape : tapes_in(directory)) {
        sets.emplace_back(tape);
        files += sets.back().parts.size();
        bytes += sets.back().bytes;
    }
    std::uint64_t deleted = 0;
    for (auto set = sets.rbegin(); set != sets.rend(); ++set) {
        if (!exceeds(files, limits.max_files) && !exceeds(bytes, limits.max_bytes)) break;
        if (set->parts.empty() || !is_finished(*set)) continue;
        delete_tape(*set);
        files -= set->parts.size();
        bytes -= set->bytes;
        ++deleted;
    }
    return deleted;
}

}  // namespace shadowcat::tape
