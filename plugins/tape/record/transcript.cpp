// SPDX-License-Identifier: Apache-2.0
// Numbers, redacts and correlates.
#include "record/transcript.hpp"

#include "shadowcat/sdk/json_edit.hpp"

#include <chrono>
#include <utility>

namespace shadowcat::tape {

namespace {

/// Exchanges are numbered on each worker; a tape that several workers write makes 17003 of the 17
/// of worker 3.
constexpr std::uint64_t kWorkers = 1000;

bool is_response(const FrameParts& frame) { return frame.message_kind >= sdk::MessageKind::result; }

/// As `Message::name` of what is left of a message.
std::string name_in(std::string_view message) {
    const std::string_view params = sdk::json::member(message, "params");
    const std::string_view name = sdk::json::member(params, "name");
    return sdk::json::unquote(sdk::json::is_string(name) ? name : sdk::json::member(params, "uri"));
}

/// What both pairs and requests that stay open say.
Correlation of_request(const OpenRequest& request) {
    Correlation pair;
    pair.id = request.id;
    pair.method = request.method;
    pair.direction = request.direction;
    pair.exchange = request.exchange;
    pair.request_seq = request.seq;
    pair.request_ts_ms = request.ts_ms;
    return pair;
}

}  // namespace

Transcript::Transcript(TapeInit init, sdk::TimePoint began, const Redactor& redactor,
                       EventTexts& texts, bool only_known)
    : revision(init.revision),
      upstream(init.upstream),
      init_(std::move(init)),
      began_(began),
      redactor_(redactor),
      texts_(texts),
      number_(texts.next_tape()),
      only_known_(only_known) {
    init_.redacted = redactor.enabled();
}

void Transcript::begin(std::string& out) { append_init(out, init_); }

/// In whole microseconds, as they are written.
double Transcript::since_start(sdk::TimePoint at) const {
    if (at <= began_) return 0;
    using std::chrono::microseconds;
    const auto rounded = at - began_ + std::chrono::nanoseconds(500);
    return static_cast<double>(std::chrono::duration_cast<microseconds>(rounded).count()) / 1000;
}

std::uint64_t Transcript::exchange_of(const Entry& entry) const {
    const bool shared = init_.era == sdk::Era::stateless;
    const std::uint64_t number = entry.exchange;
    return shared && number != 0 ? number * kWorkers + entry.worker % kWorkers : number;
}

/// Within what ids are unique: the tape, or if it is shared one request.
std::uint64_t Transcript::scope_of(const FrameParts& frame) const {
    return init_.era == sdk::Era::stateless ? frame.exchange : 0;
}

FrameParts Transcript::frame_of(const Entry& entry) const {
    FrameParts frame;
    frame.seq = next_seq_;
    frame.ts_ms = since_start(entry.time);
    frame.direction = entry.direction;
    frame.message_kind = entry.message_kind;
    frame.method = entry.method();
    frame.name = entry.name();
    frame.id = entry.id();
    frame.message = entry.message();
    frame.exchange = exchange_of(entry);
    frame.stream = entry.stream;
    frame.revision = entry.revision();
    return frame;
}

FrameExtras Transcript::extras_of(const Entry& entry) const {
    FrameExtras extras;
    extras.made_by_proxy = entry.made_by_proxy;
    if (entry.session() != init_.session) extras.session = entry.session();
    if (entry.upstream() != init_.upstream) extras.upstream = entry.upstream();
    return extras;
}

void Transcript::redact(FrameParts& frame, Replaced& replaced) const {
    MessageFacts facts;
    facts.from_client = frame.direction == sdk::Direction::client_to_server;
    facts.method = frame.method;
    std::optional<std::string> message = redactor_.redacted_message(frame.message, facts, marker_);
    if (message) {
        replaced.message = *std::move(message);
        frame.message = replaced.message;
        frame.redacted = true;
        if (!is_response(frame)) frame.name = replaced.name = name_in(frame.message);
    }
    if (!redactor_.has_patterns()) return;
    std::string name(frame.name);
    if (!redactor_.redact_name(name, marker_)) return;
    frame.name = replaced.name = std::move(name);
    frame.redacted = true;
}

bool Transcript::message(const Entry& entry, std::string& out) {
    FrameParts frame = frame_of(entry);
    std::optional<OpenRequest> request;
    if (is_response(frame)) {
        request = open_.take(scope_of(frame), frame.direction, frame.id);
        if (only_known_ && !request) return false;
        if (request) frame.method = request->method;
        if (request) frame.name = request->name;
    }
    Replaced replaced;
    redact(frame, replaced);
    const std::size_t begin = out.size();
    append_frame(out, frame, extras_of(entry));
    if (out.size() - begin > kMaxLineBytes) {
        too_long(begin, frame.ts_ms, out);
        return true;
    }
    if (!frame.revision.empty() && revision != frame.revision) revision = frame.revision;
    if (!entry.upstream().empty() && upstream != entry.upstream()) upstream = entry.upstream();
    count(frame);
    if (request) correlate(frame, *request, out);
    if (frame.message_kind == sdk::MessageKind::request) keep_open(frame);
    checkpoint_if_due(frame.ts_ms, out);
    return true;
}

void Transcript::too_long(std::size_t begin, double ts_ms, std::string& out) {
    Gap gap;
    gap.dropped = 1;
    gap.bytes = out.size() - begin;
    gap.reason = "too_long";
    out.resize(begin);
    append_gap(out, ts_ms, gap);
    ++stats_.dropped;
}

void Transcript::count(const FrameParts& frame) {
    ++next_seq_;
    ++stats_.frames;
    ++(frame.direction == sdk::Direction::client_to_server ? stats_.client_to_server
                                                           : stats_.server_to_client);
    if (frame.message_kind == sdk::MessageKind::error) ++stats_.errors;
    stats_.duration_ms = frame.ts_ms;
}

void Transcript::keep_open(const FrameParts& frame) {
    OpenRequest request;
    request.id = frame.id;
    request.method = frame.method;
    request.name = frame.name;
    request.direction = frame.direction;
    request.exchange = frame.exchange;
    request.seq = frame.seq;
    request.ts_ms = frame.ts_ms;
    open_.add(scope_of(frame), std::move(request));
}

void Transcript::correlate(const FrameParts& frame, const OpenRequest& request, std::string& out) {
    Correlation pair = of_request(request);
    pair.status = frame.message_kind == sdk::MessageKind::error ? Correlation::Status::error
                                                                : Correlation::Status::success;
    pair.response_seq = frame.seq;
    pair.response_ts_ms = frame.ts_ms;
    append_correlation(out, pair);
    ++stats_.correlations;
}

void Transcript::checkpoint_if_due(double ts_ms, std::string& out) {
    const bool many = next_seq_ - checkpoint_seq_ >= kFramesPerCheckpoint;
    if (!many && ts_ms - checkpoint_ts_ms_ < kMsPerCheckpoint) return;
    append_checkpoint(out, ts_ms, next_seq_, stats_);
    checkpoint_seq_ = next_seq_;
    checkpoint_ts_ms_ = ts_ms;
}

void Transcript::loss(const Loss& loss, sdk::TimePoint at, std::string& out) {
    if (loss.dropped == 0) return;
    Gap gap;
    gap.dropped = loss.dropped;
    gap.bytes = loss.bytes;
    gap.reason = loss.write_error ? "write_error" : "queue_full";
    append_gap(out, since_start(at), gap);
    stats_.dropped += loss.dropped;
}

void Transcript::end_part(sdk::TimePoint at, std::string& out) {
    append_checkpoint(out, since_start(at), next_seq_, stats_, init_.part + 1);
}

void Transcript::begin_part(std::string& out) {
    ++init_.part;
    init_.first_seq = next_seq_;
    init_.revision = revision;
    append_init(out, init_);
}

void Transcript::end(std::string_view reason, sdk::TimePoint at, std::string& out) {
    for (const OpenRequest& request : open_.take_all()) {
        Correlation pair = of_request(request);
        pair.response_ts_ms = since_start(at);
        append_correlation(out, pair);
    }
    std::string text(reason);
    redactor_.redact_text(text, marker_);
    append_end(out, since_start(at), text, stats_);
}

}  // namespace shadowcat::tape
