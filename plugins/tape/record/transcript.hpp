// SPDX-License-Identifier: Apache-2.0
// Transcript: turns what was queued into the lines of one tape. Knows no files and no clock.
#pragma once

#include "format/line_writer.hpp"
#include "record/entry.hpp"
#include "record/entry_queue.hpp"
#include "record/marker.hpp"
#include "record/open_requests.hpp"
#include "record/redactor.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace shadowcat::tape {

class Transcript {
public:
    static constexpr std::uint64_t kFramesPerCheckpoint = 1000;
    static constexpr double kMsPerCheckpoint = 60'000;

    /// `began` is time 0. `only_known`: responses whose request isn't on the tape are left out.
    Transcript(TapeInit init, sdk::TimePoint began, const Redactor& redactor, bool only_known);

    /// Each appends its lines to `out`.
    void begin(std::string& out);
    bool message(const Entry& entry, std::string& out);  ///< false: left out
    void event(const Entry& entry, std::string& out);
    void loss(const Loss& loss, sdk::TimePoint at, std::string& out);

    /// The end of a part, and the beginning of the next.
    void end_part(sdk::TimePoint at, std::string& out);
    void begin_part(std::string& out);

    void end(std::string_view reason, sdk::TimePoint at, std::string& out);

    /// Takes from an event what metadata says about the session, without writing it.
    void note(const Entry& entry);

    /// What was appended.
    void count_bytes(std::uint64_t bytes) { stats_.bytes += bytes; }

    const TapeInit& init() const noexcept { return init_; }
    const TapeStats& stats() const noexcept { return stats_; }
    std::string revision;  ///< the last that was seen, like the following
    std::string upstream;
    std::string target;
    std::string client;

private:
    const EventRecord& redacted(const Entry& entry);
    void remember(const EventRecord& event);
    double since_start(sdk::TimePoint at) const;
    std::uint64_t exchange_of(const Entry& entry) const;
    std::string scope_of(const Entry& entry) const;
    void copy_to_line(const Entry& entry);
    FrameExtras extras_of(const Entry& entry) const;
    void redact(TapeLine& line, std::string_view request_method) const;
    void count(const TapeLine& line);
    void correlate(const TapeLine& line, const OpenRequest& request, std::string& out);
    void keep_open(const TapeLine& line, const Entry& entry);
    void checkpoint_if_due(double ts_ms, std::string& out);
    void too_long(std::size_t begin, double ts_ms, std::string& out);

    TapeInit init_;
    const sdk::TimePoint began_;
    const Redactor& redactor_;
    const bool only_known_;
    Marker marker_;
    OpenRequests open_;
    TapeLine line_;  // the last one's, for its memory, like the next
    EventRecord event_;
    TapeStats stats_;
    std::uint64_t next_seq_ = 0;
    std::uint64_t checkpoint_seq_ = 0;
    double checkpoint_ts_ms_ = 0;
};

}  // namespace shadowcat::tape
