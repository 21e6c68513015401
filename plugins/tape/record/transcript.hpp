// SPDX-License-Identifier: Apache-2.0
// Transcript: turns what was queued into the lines of one tape. Knows no files and no clock.
#pragma once

#include "format/line_writer.hpp"
#include "record/entry.hpp"
#include "record/entry_queue.hpp"
#include "record/event_texts.hpp"
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

    /// `began` is time 0; `texts` is shared with other tapes. `only_known`: responses whose request
    /// isn't on the tape are left out.
    Transcript(TapeInit init, sdk::TimePoint began, const Redactor& redactor, EventTexts& texts,
               bool only_known);

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
    /// What stands in the place of parts of a frame.
    class Replaced {
    public:
        std::string message;
        std::string name;
    };

    const EventRecord& redacted(const Entry& entry);
    void append_header_of(std::string_view field, std::string_view name, std::string_view value);
    void make_text(const Entry& entry, EventText& text);
    const EventText& text_of(const Entry& entry);
    void remember(const EventRecord& event);
    double since_start(sdk::TimePoint at) const;
    std::uint64_t exchange_of(const Entry& entry) const;
    std::uint64_t scope_of(const FrameParts& frame) const;
    FrameParts frame_of(const Entry& entry) const;
    FrameExtras extras_of(const Entry& entry) const;
    void redact(FrameParts& frame, Replaced& replaced) const;
    void count(const FrameParts& frame);
    void correlate(const FrameParts& frame, const OpenRequest& request, std::string& out);
    void keep_open(const FrameParts& frame);
    void checkpoint_if_due(double ts_ms, std::string& out);
    void too_long(std::size_t begin, double ts_ms, std::string& out);

    TapeInit init_;
    const sdk::TimePoint began_;
    const Redactor& redactor_;
    EventTexts& texts_;
    const std::uint64_t number_;  // of this tape, for `texts_`
    const bool only_known_;
    Marker marker_;
    OpenRequests open_;
    EventRecord event_;  // the last one's, for its memory, like the next two
    std::string headers_;
    EventText text_;
    TapeStats stats_;
    std::uint64_t next_seq_ = 0;
    std::uint64_t checkpoint_seq_ = 0;
    double checkpoint_ts_ms_ = 0;
};

}  // namespace shadowcat::tape
