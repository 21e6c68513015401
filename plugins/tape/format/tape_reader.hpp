// SPDX-License-Identifier: Apache-2.0
// TapeReader: reads a tape of any size, line by line, and forgives what can be forgiven.
#pragma once

#include "shadowcat/sdk/result.hpp"

#include "format/tape_line.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace shadowcat::tape {

/// Something wrong with a tape that doesn't keep it from being read.
class TapeProblem {
public:
    enum class Kind : std::uint8_t {
        bad_line,        ///< no JSON object, or members that are wrong: skipped
        unknown_type,    ///< of a later version: skipped
        sequence_gap,    ///< frames are missing
        out_of_order,    ///< a frame's number or time goes back
        torn_end,        ///< the last line has no end: ignored
        too_long,        ///< longer than 10 MiB and a frame's members: skipped
        truncated_parts  ///< a rotated tape whose next or former part is missing
    };

    Kind kind;
    std::uint64_t line = 0;
    std::string text;  ///< one sentence
};

/// Memory doesn't depend on the tape's length: one line, and at most `kMaxProblems` problems (the
/// rest is only counted). Where a tape was rotated, the parts behind the first are read on as if
/// they were one file. Blocking; not for workers.
class TapeReader {
public:
    static constexpr std::size_t kMaxProblems = 1000;

    /// Opens the tape (`NAME.jsonl`) and reads its first line. Fails with `unreachable` (no such
    /// file, naming it) or `protocol` (its first line is no init, or of a version that is too new).
    static sdk::Result<TapeReader> open(const std::filesystem::path& file);

    TapeReader(TapeReader&&) noexcept;
    TapeReader& operator=(TapeReader&&) noexcept;
    ~TapeReader();

    const TapeInit& init() const noexcept;

    /// The next good line; empty at the end. (After that more may come, if the tape is still being
    /// written: call again.)
    std::optional<TapeLine> next();

    /// Goes to the first frame with this number or a later one; the next `next` gives it. Uses an
    /// index that reading and seeking make on the way: 40 bytes for each 1,000 frames.
    void seek_frame(std::uint64_t seq);

    /// Goes to the first frame at or after this time.
    void seek_time(double ts_ms);

    /// Bytes read so far and in all (parts included), for progress bars.
    std::uint64_t bytes_read() const noexcept;
    std::uint64_t bytes_total() const noexcept;

    const std::vector<TapeProblem>& problems() const noexcept;
    std::uint64_t problem_count() const noexcept;

private:
    class State;
    explicit TapeReader(std::unique_ptr<State> state);

    std::unique_ptr<State> state_;
};

}  // namespace shadowcat::tape
