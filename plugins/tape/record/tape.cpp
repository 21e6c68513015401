// SPDX-License-Identifier: Apache-2.0
// Lines into files, files into parts.
#include "record/tape.hpp"

#include "shadowcat/sdk/log.hpp"
#include "shadowcat/sdk/version.hpp"

#include "format/utc.hpp"
#include "record/tape_names.hpp"

#include <cerrno>
#include <system_error>

namespace shadowcat::tape {

namespace {

constexpr unsigned kMaxAttempts = 10'000;

/// What the system's clock said at `at`.
std::chrono::system_clock::time_point wall_time(sdk::TimePoint at) {
    const auto ago =
        std::chrono::duration_cast<std::chrono::system_clock::duration>(sdk::Clock::now() - at);
    return std::chrono::system_clock::now() - ago;
}

TapeInit new_init(std::string_view label, sdk::Era era,
                  std::chrono::system_clock::time_point created) {
    TapeInit init;
    init.version = kTapeVersion;
    init.tape_id = new_tape_id();
    init.session = label;
    init.created_at = iso_utc(created);
    init.era = era;
    return init;
}

}  // namespace

Tape::Tape(const Options& options, const Redactor& redactor, EventTexts& texts,
           std::string_view label, sdk::Era era, sdk::TimePoint began)
    : options_(options),
      created_(wall_time(began)),
      transcript_(new_init(label, era, created_), began, redactor, texts, !options.methods.empty()),
      rotate_at_(options.max_file_bytes) {}

int Tape::create() {
    const TapeInit& init = transcript_.init();
    int error = EEXIST;
    for (unsigned attempt = 1; error == EEXIST && attempt < kMaxAttempts; ++attempt) {
        const auto file = tape_file(options_, init.session, init.tape_id, created_, attempt);
        error = attempt == 1 ? make_directory(file.parent_path()) : 0;
        if (error == 0) error = output_.create(file);
    }
    if (error != 0) return error;
    transcript_.begin(output_.text);
    added(0, sdk::Clock::now());
    return 0;
}

void Tape::added(std::size_t before, sdk::TimePoint at) {
    changed_ = true;
    used = at;
    transcript_.count_bytes(output_.text.size() - before);
    if (rotate_at_ != 0 && !ended_ && output_.part_bytes() >= rotate_at_) rotate(at);
}

/// Only when the old part is complete on the disk. A part that can't be made makes this one longer.
void Tape::rotate(sdk::TimePoint at) {
    if (output_.flush() != 0) return;
    const std::size_t before = output_.text.size();
    transcript_.end_part(at, output_.text);
    transcript_.count_bytes(output_.text.size() - before);
    int error = output_.flush();
    if (error == 0) error = output_.next_part();
    if (error == 0) {
        rotate_at_ = options_.max_file_bytes;
        transcript_.begin_part(output_.text);
        transcript_.count_bytes(output_.text.size());
        return;
    }
    rotate_at_ = output_.part_bytes() + options_.max_file_bytes;  // not again with every line
    sdk::log::warn("tape can't be rotated",
                   {{"path", file().string()}, {"error", std::generic_category().message(error)}});
}

bool Tape::message(const Entry& entry) {
    const std::size_t before = output_.text.size();
    if (!transcript_.message(entry, output_.text)) return false;
    added(before, entry.time);
    return true;
}

void Tape::event(const Entry& entry) {
    const std::size_t before = output_.text.size();
    transcript_.event(entry, output_.text);
    added(before, entry.time);
}

void Tape::loss(const Loss& loss, sdk::TimePoint at) {
    const std::size_t before = output_.text.size();
    transcript_.loss(loss, at, output_.text);
    added(before, at);
}

void Tape::end(std::string_view reason, sdk::TimePoint at) {
    if (std::exchange(ended_, true)) return;
    const std::size_t before = output_.text.size();
    transcript_.end(reason, at, output_.text);
    added(before, at);
}

int Tape::flush() {
    if (gone_) output_.text.clear();
    return output_.flush();
}

void Tape::describe(TapeMeta::Status status) {
    changed_ = false;
    if (gone_) return;
    const TapeInit& init = transcript_.init();
    TapeMeta meta;
    meta.tape_id = init.tape_id;
    meta.name = file().stem().string();
    meta.created_at = init.created_at;
    meta.updated_at = iso_utc(std::chrono::system_clock::now());
    if (status != TapeMeta::Status::recording && ended_) meta.finalized_at = meta.updated_at;
    meta.status = status;
    meta.session = init.session;
    meta.era = init.era;
    meta.revision = transcript_.revision;
    meta.upstream = transcript_.upstream;
    meta.target = transcript_.target;
    meta.client = transcript_.client;
    meta.error = error_;
    meta.redacted = init.redacted;
    meta.parts = init.part;
    meta.stats = transcript_.stats();
    meta.shadowcat_version = SHADOWCAT_SDK_VERSION;
    const auto written = write_meta(file(), meta);
    if (written.has_error())
        sdk::log::debug("tape metadata not written", {{"error", written.error()}});
}

}  // namespace shadowcat::tape
