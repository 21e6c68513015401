// SPDX-License-Identifier: Apache-2.0
// Which entry goes on which tape.
#include "record/tape_desk.hpp"

#include "shadowcat/sdk/log.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

namespace shadowcat::tape {

namespace {

// A server that more sessions share speaks on no tape.
constexpr std::size_t kMaxAddressees = 16;
constexpr std::size_t kMaxTapes = 4096;
constexpr std::size_t kMaxStateless = 100'000;
constexpr std::size_t kWriteAt = 256 * 1024;

bool is_for_metadata(EventRecord::Kind kind) {
    return kind == EventRecord::Kind::session_opened || kind == EventRecord::Kind::link_opened;
}

}  // namespace

TapeDesk::TapeDesk(const Options& options, TapeMetrics& metrics)
    : options_(options), metrics_(metrics), redactor_(options.redact) {}

void TapeDesk::take(Entry&& entry, sdk::TimePoint now) {
    const bool open = recent_ != nullptr && entry.session() == recent_session_;
    if (!open && closed_.contains(entry.session())) return take_late(entry);
    if (entry.is_message()) return take_message(entry, now);
    take_event(std::move(entry), now);
}

void TapeDesk::take_message(const Entry& entry, sdk::TimePoint now) {
    Tape* const tape = failing_ ? nullptr : tape_of(entry, now);
    if (tape == nullptr) return lose(entry);
    if (tape->message(entry)) ++frames_;
    if (tape->pending() >= kWriteAt) write(*tape, now);
}

void TapeDesk::take_event(Entry&& entry, sdk::TimePoint now) {
    if (entry.event_kind() == EventRecord::Kind::session_closed) return close_session(entry);
    if (!options_.events && !is_for_metadata(entry.event_kind())) return;
    if (failing_) return lose(entry);
    if (entry.session().empty()) return common_event(std::move(entry));
    Tape* const tape = find(entry.session());
    if (tape == nullptr) return wait(std::move(entry));
    write_event(*tape, entry);
    if (tape->pending() >= kWriteAt) write(*tape, now);
}

/// An event of no session: of a server that several share, or a request that was refused before
/// any session took it.
void TapeDesk::common_event(Entry&& entry) {
    const std::vector<Tape*> tapes = all_tapes();
    if (tapes.empty()) return wait(std::move(entry));
    const bool of_server = entry.hop() == sdk::Hop::upstream;
    if (tapes.size() == 1 || (of_server && tapes.size() <= kMaxAddressees)) {
        for (Tape* const tape : tapes)
            write_event(*tape, entry);
    } else if (shared_) {
        write_event(*shared_, entry);
    }
}

void TapeDesk::wait(Entry&& entry) {
    if (waiting_.has_room(entry)) {
        waiting_.add(std::move(entry));
    } else if (!entry.session().empty()) {
        lose(entry);
    }
}

void TapeDesk::write_event(Tape& tape, const Entry& entry) {
    if (options_.events) {
        tape.event(entry);
    } else {
        tape.note(entry);
    }
}

void TapeDesk::close_session(const Entry& entry) {
    const std::string_view session = entry.session();
    waiting_.take(session);
    recent_ = nullptr;
    if (session == kSharedLabel) return;  // others of that label go on
    const bool stateless = stateless_.erase(std::string(session)) != 0;
    closed_.add(session, stateless);
    if (stateless) return take_late(entry);
    const auto found = tapes_.find(session);
    if (found == tapes_.end()) return;
    std::unique_ptr<Tape> tape = std::move(found->second);
    tapes_.erase(found);
    if (options_.events) tape->event(entry);
    end_tape(std::move(tape), entry.event_text(), entry.time);
}

void TapeDesk::end_tape(std::unique_ptr<Tape> tape, std::string_view reason, sdk::TimePoint at) {
    tape->loss(losses_.take(tape->session()), at);
    tape->end(reason.empty() ? "closed" : reason, at);
    ending_.push_back(std::move(tape));
}

/// The end of the HTTP exchange that closed a session comes behind the session's.
void TapeDesk::take_late(const Entry& entry) {
    const bool wanted = closed_.is_stateless(entry.session()) && shared_ && !failing_;
    if (wanted && !entry.is_message() && options_.events) shared_->event(entry);
}

/// Entries of a session often come one after the other: the last answer is remembered.
Tape* TapeDesk::find(std::string_view session) {
    if (recent_ != nullptr && session == recent_session_) return recent_;
    Tape* found = nullptr;
    if (stateless_.contains(session)) {
        found = shared_.get();
    } else if (const auto own = tapes_.find(session); own != tapes_.end()) {
        found = own->second.get();
    }
    recent_ = found;
    if (found != nullptr) recent_session_ = session;
    return found;
}

/// Null when a tape can't be opened.
Tape* TapeDesk::tape_of(const Entry& entry, sdk::TimePoint now) {
    if (Tape* const known = find(entry.session())) return known;
    const bool stateless = entry.era == sdk::Era::stateless;
    if (!stateless && tapes_.size() >= kMaxTapes) make_room(entry.time);
    if (!stateless || !shared_) {
        auto tape = open(stateless ? kSharedLabel : entry.session(), entry, now);
        if (!tape) return nullptr;
        (stateless ? shared_ : tapes_[std::string(entry.session())]) = std::move(tape);
    }
    recent_ = nullptr;
    if (stateless && stateless_.size() >= kMaxStateless) stateless_.clear();
    if (stateless) stateless_.emplace(entry.session());
    Tape* const tape = find(entry.session());
    welcome(*tape, entry);
    return tape;
}

std::unique_ptr<Tape> TapeDesk::open(std::string_view label, const Entry& first,
                                     sdk::TimePoint now) {
    const std::vector<Entry> common = waiting_.take("");
    const sdk::TimePoint began = common.empty() ? waiting_.since(first) : common.front().time;
    auto tape = std::make_unique<Tape>(options_, redactor_, texts_, label, first.era, began);
    const int error = tape->create();
    if (error != 0) {
        fail(error, options_.path.string(), now);
        return nullptr;
    }
    sdk::log::info("recording", {{"session", label}, {"path", tape->file().string()}});
    tape->describe(TapeMeta::Status::recording);
    tidy_ = true;
    tape->loss(losses_.take(label), first.time);
    for (const Entry& event : common)
        write_event(*tape, event);
    return tape;
}

/// What came before a session's first message.
void TapeDesk::welcome(Tape& tape, const Entry& first) {
    for (const Entry& event : waiting_.take(first.session()))
        write_event(tape, event);
    tape.loss(losses_.take(first.session()), first.time);
}

/// The session that was silent for longest loses its tape; if it speaks again, it gets another.
void TapeDesk::make_room(sdk::TimePoint at) {
    const auto oldest = std::ranges::min_element(
        tapes_, {}, [](const Tapes::value_type& entry) { return entry.second->used; });
    std::unique_ptr<Tape> tape = std::move(oldest->second);
    tapes_.erase(oldest);
    recent_ = nullptr;
    end_tape(std::move(tape), "too many tapes at once", at);
}

void TapeDesk::take(Losses losses) {
    const sdk::TimePoint at = sdk::Clock::now();
    for (const auto& [session, loss] : losses.take_all()) {
        metrics_.dropped(loss.dropped);
        Tape* tape = find(session);
        if (tape == nullptr && shared_) tape = shared_.get();
        if (tape == nullptr || failing_) {
            losses_.add(tape == nullptr ? session : tape->session(), loss);
        } else {
            tape->loss(loss, at);
        }
    }
}

void TapeDesk::lose(const Entry& entry) {
    Loss loss;
    loss.add(entry.bytes());
    loss.write_error = failing_;
    const bool shared = entry.era == sdk::Era::stateless || stateless_.contains(entry.session());
    losses_.add(shared ? kSharedLabel : entry.session(), loss);
    metrics_.dropped(1);
}

std::vector<Tape*> TapeDesk::all_tapes() const {
    std::vector<Tape*> tapes;
    for (const auto& [session, tape] : tapes_)
        tapes.push_back(tape.get());
    if (shared_) tapes.push_back(shared_.get());
    return tapes;
}

}  // namespace shadowcat::tape
