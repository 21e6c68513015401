// SPDX-License-Identifier: Apache-2.0
// Server-sent events without I/O: a parser that takes any chunks, and what writes events.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace shadowcat::http {

/// One dispatched event.
class SseEvent {
public:
    SseEvent() = default;

    /// True for the types that carry JSON-RPC: none given, or `message`.
    bool is_message() const noexcept { return type.empty() || type == "message"; }

    std::string type;  ///< Empty when the event names none.
    std::string data;  ///< Lines joined by LF. Empty data is no JSON: don't parse it.

    bool has_id = false;     ///< It, or one without data just before it, names itself.
    bool has_retry = false;  ///< Likewise, it wishes for a time before a reconnection.
};

/// Reads `text/event-stream` as the WHATWG HTML standard says (section 9.2.6). An event that the
/// stream's end cuts off never shows, nor does its id.
class SseParser {
public:
    enum class Status : std::uint8_t {
        need_more,  ///< All of the input is consumed.
        event,      ///< `event()` holds an event; call again with the rest of the input.
        too_large   ///< An event exceeds the limit; the stream can't be read on.
    };

    explicit SseParser(std::size_t max_event_bytes) : max_bytes_(max_event_bytes) {}

    /// Consumes from the front of `input` up to the end of the next event.
    Status parse(std::string_view& input);

    /// The event that `parse` found; may be moved from. Overwritten by the next `parse`.
    SseEvent& event() noexcept { return event_; }

    /// Begins with another connection's bytes; remembers the last id and `retry`.
    void restart();

    /// The id of the last complete event that had one; empty when none had, or to forget it.
    const std::string& last_event_id() const noexcept { return last_id_; }

    /// Goes on from an event that another parser read.
    void set_last_event_id(std::string id) { last_id_ = std::move(id); }

    /// The server's wish for the time before a reconnection, in milliseconds.
    std::optional<std::uint64_t> retry_ms() const noexcept { return retry_ms_; }

private:
    enum class Mode : std::uint8_t { undecided, data, ignored };

    bool end_of_line();
    void take(std::string_view part);
    void decide(bool complete);
    void field(std::string_view name, std::string_view value);
    bool dispatch();

    std::size_t max_bytes_;
    SseEvent event_;
    std::string line_;  // of a field other than data, and the first bytes of any
    std::string type_, data_;
    std::optional<std::string> id_;
    std::string last_id_;
    std::optional<std::uint64_t> retry_ms_;
    Mode mode_ = Mode::undecided;
    bool has_data_ = false, has_id_ = false, has_retry_ = false;
    bool first_line_ = true;
    bool skip_lf_ = false;
};

/// Appends events to a buffer. Ids and texts must be free of CR and LF; JSON must be on one line
/// (`Message::make_single_line`).
namespace sse {

/// What stands around the JSON of a message event without an id, for gather writes.
inline constexpr std::string_view kMessagePrefix = "event: message\ndata: ";
inline constexpr std::string_view kEventEnd = "\n\n";

/// One JSON-RPC message; an empty `id` leaves the line out.
void append_message(std::string& out, std::string_view json, std::string_view id = {});

/// An event with an id and empty data: primes a client of 2025-11-25 or newer for resumption.
void append_priming(std::string& out, std::string_view id);

/// A comment, which clients ignore: keeps an idle connection alive.
void append_comment(std::string& out, std::string_view text = {});

void append_retry(std::string& out, std::uint64_t milliseconds);

}  // namespace sse

}  // namespace shadowcat::http
