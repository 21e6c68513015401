// SPDX-License-Identifier: Apache-2.0
// TapeDesk: all tapes of one recorder: which entry goes on which, and what happens when a disk is
// full.
#pragma once

#include "record/closed_sessions.hpp"
#include "record/entry.hpp"
#include "record/entry_queue.hpp"
#include "record/event_texts.hpp"
#include "record/options.hpp"
#include "record/redactor.hpp"
#include "record/tape.hpp"
#include "record/tape_metrics.hpp"
#include "record/waiting_events.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace shadowcat::tape {

/// Used by one thread at a time; knows no thread itself. A session has its own tape; requests of
/// the stateless era, each of which is a session of its own, share one.
class TapeDesk {
public:
    static constexpr std::string_view kSharedLabel = "stateless";
    static constexpr sdk::Duration kRetry = std::chrono::seconds(1);

    /// Throws `std::invalid_argument` for what can't be redacted so.
    TapeDesk(const Options& options, TapeMetrics& metrics);

    /// What was queued, in order.
    void take(Entry&& entry, sdk::TimePoint now);
    void take(Losses losses);

    /// Writes everything that is gathered, and what is due. Gives when to be called at the latest.
    sdk::TimePoint flush(sdk::TimePoint now);

    /// True while nothing can be written: what is taken then is lost, and counted.
    bool failing() const noexcept { return failing_; }

    /// Finishes all tapes.
    void end(std::string_view reason, sdk::TimePoint now);

private:
    using Tapes = std::map<std::string, std::unique_ptr<Tape>, std::less<>>;

    void take_message(const Entry& entry, sdk::TimePoint now);
    void take_event(Entry&& entry, sdk::TimePoint now);
    void common_event(Entry&& entry);
    void wait(Entry&& entry);
    void write_event(Tape& tape, const Entry& entry);
    void close_session(const Entry& entry);
    void end_tape(std::unique_ptr<Tape> tape, std::string_view reason, sdk::TimePoint at);
    void take_late(const Entry& entry);
    Tape* tape_of(const Entry& entry, sdk::TimePoint now);
    Tape* find(std::string_view session);
    std::unique_ptr<Tape> open(std::string_view label, const Entry& first, sdk::TimePoint now);
    void welcome(Tape& tape, const Entry& first);
    void make_room(sdk::TimePoint at);
    void lose(const Entry& entry);
    void write(Tape& tape, sdk::TimePoint now);
    void fail(int error, const std::string& path, sdk::TimePoint now);
    void flush_all(sdk::TimePoint now);
    void finish_ended();
    void describe_if_due(sdk::TimePoint now);
    void keep_to_limits();
    std::vector<Tape*> all_tapes() const;

    const Options& options_;
    TapeMetrics& metrics_;
    const Redactor redactor_;
    EventTexts texts_;
    Tapes tapes_;                                   // by session
    std::unique_ptr<Tape> shared_;                  // of the stateless era
    std::vector<std::unique_ptr<Tape>> ending_;     // have their last line, not all on disk
    std::set<std::string, std::less<>> stateless_;  // sessions on the shared tape
    Tape* recent_ = nullptr;                        // what was found last, and for whom
    std::string recent_session_;
    ClosedSessions closed_;
    WaitingEvents waiting_;
    Losses losses_;
    std::uint64_t frames_ = 0;  // that metrics don't know yet
    bool failing_ = false;
    bool warned_ = false;
    bool tidy_ = true;  // whether limits are to be looked after
    sdk::TimePoint retry_at_{};
    sdk::TimePoint describe_at_{};
    sdk::TimePoint heartbeat_at_{};
};

}  // namespace shadowcat::tape
