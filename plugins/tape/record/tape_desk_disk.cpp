// SPDX-License-Identifier: Apache-2.0
// The part of TapeDesk that has to do with disks: writing, failing, trying again, ending.
#include "shadowcat/sdk/log.hpp"

#include "record/retention.hpp"
#include "record/tape_desk.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

namespace shadowcat::tape {

namespace {

constexpr sdk::Duration kDescribeEvery = std::chrono::seconds(10);
constexpr sdk::Duration kHeartbeat = std::chrono::hours(1);
// Beyond it no tape keeps its descriptor while it has nothing to write.
constexpr std::size_t kMaxDescriptors = 64;

std::string describe_error(int error) { return std::generic_category().message(error); }

}  // namespace

void TapeDesk::write(Tape& tape, sdk::TimePoint now) {
    const std::size_t before = tape.pending();
    const int error = tape.flush();
    metrics_.bytes(before - tape.pending());
    if (error == 0) return;
    if (error != ENOENT) return fail(error, tape.file().string(), now);
    sdk::log::warn("tape is gone", {{"path", tape.file().string()}});
    tape.discard();
    tape.flush();
}

/// Says when writing begins to fail, not each time.
void TapeDesk::fail(int error, const std::string& path, sdk::TimePoint now) {
    metrics_.error();
    failing_ = true;
    retry_at_ = now + kRetry;
    if (std::exchange(warned_, true)) return;
    sdk::log::warn("tape can't be written, recording pauses",
                   {{"path", path}, {"error", describe_error(error)}});
    for (Tape* const tape : all_tapes()) {
        tape->mark(describe_error(error));
        tape->describe(TapeMeta::Status::error);
    }
}

sdk::TimePoint TapeDesk::flush(sdk::TimePoint now) {
    if (!failing_ || now >= retry_at_) flush_all(now);
    finish_ended();
    if (!failing_) describe_if_due(now);
    if (!failing_) keep_to_limits();
    return failing_ ? retry_at_ : std::min(describe_at_, heartbeat_at_);
}

/// Where something failed before, this tries again; the tapes' gaps are noted once it works.
void TapeDesk::flush_all(sdk::TimePoint now) {
    metrics_.frames(std::exchange(frames_, 0));
    const bool failed = std::exchange(failing_, false);
    bool wrote = false;
    const auto write_one = [&](Tape& tape) {
        if (failing_ || !tape.dirty()) return;
        write(tape, now);
        wrote = wrote || !failing_;
    };
    for (const auto& tape : ending_)
        write_one(*tape);
    for (Tape* const tape : all_tapes())
        write_one(*tape);
    if (failing_) return;
    if (wrote && std::exchange(warned_, false)) sdk::log::info("tapes are written again");
    if (failed)
        for (Tape* const tape : all_tapes())
            tape->loss(losses_.take(tape->session()), now);
    if (tapes_.size() <= kMaxDescriptors) return;
    for (Tape* const tape : all_tapes())
        tape->rest();
}

void TapeDesk::finish_ended() {
    for (auto& tape : ending_) {
        if (tape->dirty()) continue;
        tape->describe(TapeMeta::Status::finalized);
        tape.reset();
        tidy_ = true;
    }
    std::erase(ending_, nullptr);
}

void TapeDesk::describe_if_due(sdk::TimePoint now) {
    const bool heartbeat = now >= heartbeat_at_;
    bool changed = false;
    for (Tape* const tape : all_tapes()) {
        const bool due = (tape->changed() && now >= describe_at_) || heartbeat;
        if (due) tape->describe(TapeMeta::Status::recording);
        changed = changed || tape->changed();
    }
    if (heartbeat) heartbeat_at_ = now + kHeartbeat;
    if (now >= describe_at_) describe_at_ = changed ? now + kDescribeEvery : sdk::TimePoint::max();
    if (changed) describe_at_ = std::min(describe_at_, now + kDescribeEvery);
}

void TapeDesk::keep_to_limits() {
    if (!std::exchange(tidy_, false)) return;
    if (options_.max_files == 0 && options_.max_total_bytes == 0) return;
    delete_old_tapes(options_.path, RetentionLimits(options_.max_files, options_.max_total_bytes));
}

void TapeDesk::end(std::string_view reason, sdk::TimePoint now) {
    auto last = losses_.take_all();
    const std::vector<Tape*> tapes = all_tapes();
    for (const auto& [session, loss] : last) {
        Tape* const own = find(session);
        if (!tapes.empty()) (own != nullptr ? own : tapes.back())->loss(loss, now);
    }
    for (auto& [session, tape] : std::exchange(tapes_, Tapes()))
        end_tape(std::move(tape), reason, now);
    if (shared_) end_tape(std::move(shared_), reason, now);
    recent_ = nullptr;
    flush_all(now);
    finish_ended();
    for (const auto& tape : ending_) {
        sdk::log::warn("tape ends without its last lines", {{"path", tape->file().string()}});
        tape->describe(TapeMeta::Status::error);
    }
    if (!failing_) keep_to_limits();
}

}  // namespace shadowcat::tape
