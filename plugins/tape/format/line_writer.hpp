// SPDX-License-Identifier: Apache-2.0
// The lines of a tape as text. Pure functions; docs/tape-format.md describes what they write.
#pragma once

#include "format/event_record.hpp"
#include "format/tape_line.hpp"
#include "format/tape_meta.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace shadowcat::tape {

/// The version of the format that is written.
inline constexpr std::string_view kTapeVersion = "3.0";

/// No line is longer, its line feed included; readers skip longer ones.
inline constexpr std::size_t kMaxLineBytes = 16 * 1024 * 1024;

/// A request and what became of it.
class Correlation {
public:
    enum class Status : std::uint8_t { success, error, unanswered };

    Correlation() = default;

    std::string_view id;  ///< JSON text
    std::string_view method;
    sdk::Direction direction = sdk::Direction::client_to_server;  ///< of the request
    std::uint64_t exchange = 0;
    Status status = Status::unanswered;
    std::uint64_t request_seq = 0;
    double request_ts_ms = 0;
    std::uint64_t response_seq = 0;  ///< of `success` and `error` only
    double response_ts_ms = 0;       ///< of `unanswered` when the tape ended
};

/// Why something is missing: `queue_full`, `write_error`, `too_long`.
class Gap {
public:
    Gap() = default;

    std::uint64_t dropped = 0;
    std::uint64_t bytes = 0;
    std::string_view reason;
};

/// Each appends one line with its line feed.
void append_init(std::string& out, const TapeInit& init);

/// What a frame is made of, without copies; as in `TapeLine`.
class FrameParts {
public:
    FrameParts() = default;
    explicit FrameParts(const TapeLine& line);

    std::uint64_t seq = 0;
    double ts_ms = 0;
    sdk::Direction direction = sdk::Direction::client_to_server;
    sdk::MessageKind message_kind = sdk::MessageKind::notification;
    std::string_view method;
    std::string_view name;
    std::string_view id;
    std::string_view message;
    std::uint64_t exchange = 0;
    std::uint64_t stream = 0;
    std::string_view revision;
    bool redacted = false;
};

/// The members of `frame`, then those of `frame.fields` that it has no member for, then the
/// message: spliced in as it is under `msg`, or as a string under `raw` where it can't be.
void append_frame(std::string& out, const TapeLine& frame);

/// The members of a frame that few frames have.
class FrameExtras {
public:
    FrameExtras() = default;

    bool made_by_proxy = false;
    std::optional<std::string_view> session;  ///< where it isn't that of the `init`, as the next
    std::optional<std::string_view> upstream;
};

/// The same with `extras` in the place of `frame.fields`.
void append_frame(std::string& out, const FrameParts& frame, const FrameExtras& extras);

void append_event(std::string& out, double ts_ms, const EventRecord& event);

/// An event's line without what differs each time: its time and its stream.
class EventText {
public:
    std::string before_stream;
    std::string behind_stream;
};

/// `headers`: the fields as `append_header` has put them together; those of `event` don't count.
void make_event_text(EventText& text, const EventRecord& event, std::string_view headers);
void append_header(std::string& headers, std::string_view name, std::string_view value);
void append_event(std::string& out, double ts_ms, std::uint64_t stream, const EventText& text);

void append_correlation(std::string& out, const Correlation& correlation);

/// `next_part` 0: the tape wasn't rotated here. `seq`: of the next frame.
void append_checkpoint(std::string& out, double ts_ms, std::uint64_t seq, const TapeStats& stats,
                       std::uint64_t next_part = 0);
void append_gap(std::string& out, double ts_ms, const Gap& gap);
void append_end(std::string& out, double ts_ms, std::string_view reason, const TapeStats& stats);

/// A line that was read, whatever its kind.
void append_line(std::string& out, const TapeLine& line);

/// Whether a message can stand on a line as it is: an object without white space around it and
/// without line breaks in it. (Messages were checked before; one that fault injection damaged
/// doesn't end in a brace.)
bool fits_on_a_line(std::string_view message) noexcept;

}  // namespace shadowcat::tape
