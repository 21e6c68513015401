// SPDX-License-Identifier: Apache-2.0
// Numbers, redacts and correlates.
#include "record/transcript.hpp"

#include "shadowcat/sdk/json_edit.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace shadowcat::tape {

namespace {

/// Exchanges are numbered on each worker; a tape that several workers write makes 17003 of the 17
/// of worker 3.
constexpr std::uint64_t kWorkers = 1000;

// A longer message's memory isn't kept for the next.
constexpr std::size_t kKeptBytes = 64 * 1024;

bool is_response(const TapeLine& line) { return line.message_kind >= sdk::MessageKind::result; }

/// As `Message::name` of what is left of a message.
std::string name_in(std::string_view message) {
    const std::string_view params = sdk::json::member(message, "params");
    const std::string_view name = sdk::json::member(params, "name");
    return sdk::json::unquote(sdk::json::is_string(name) ? name : sdk::json::member(params, "uri"));
}

}  // namespace

Transcript::Transcript(TapeInit init, sdk::TimePoint began, const Redactor& redactor,
                       bool only_known)
    : revision(init.revision),
      upstream(init.upstream),
      init_(std::move(init)),
      began_(began),
      redactor_(redactor),
      only_known_(only_known) {
    init_.redacted = redactor.enabled();
}

void Transcript::begin(std::string& out) { append_init(out, init_); }

double Transcript::since_start(sdk::TimePoint at) const {
    const double ms = std::chrono::duration<double, std::milli>(at - began_).count();
    return std::max(std::round(ms * 1000) / 1000, 0.0);
}

std::uint64_t Transcript::exchange_of(const Entry& entry) const {
    const bool shared = init_.era == sdk::Era::stateless;
    const std::uint64_t number = entry.exchange;
    return shared && number != 0 ? number * kWorkers + entry.worker % kWorkers : number;
}

/// Whose ids are unique: a session's, or on a shared tape those of one request.
std::string Transcript::scope_of(const Entry& entry) const {
    const bool shared = init_.era == sdk::Era::stateless;
    return shared ? std::to_string(exchange_of(entry)) : std::string(entry.session());
}

void Transcript::copy_to_line(const Entry& entry) {
    TapeLine& line = line_;
    line.kind = TapeLine::Kind::frame;
    line.seq = next_seq_;
    line.ts_ms = since_start(entry.time);
    line.direction = entry.direction;
    line.message_kind = entry.message_kind;
    line.method = entry.method();
    line.name = entry.name();
    line.id = entry.id();
    line.exchange = exchange_of(entry);
    line.stream = entry.stream;
    line.revision = entry.revision();
    line.message = entry.message();
}

FrameExtras Transcript::extras_of(const Entry& entry) const {
    FrameExtras extras;
    extras.made_by_proxy = entry.made_by_proxy;
    if (entry.session() != init_.session) extras.session = entry.session();
    if (entry.upstream() != init_.upstream) extras.upstream = entry.upstream();
    return extras;
}

/// `request_method`: what a response answers, a request is.
void Transcript::redact(TapeLine& line, std::string_view request_method) const {
    MessageFacts facts;
    facts.from_client = line.direction == sdk::Direction::client_to_server;
    facts.method = request_method;
    line.redacted = redactor_.redact_message(line.message, facts, marker_);
    if (line.redacted && !is_response(line)) line.name = name_in(line.message);
    line.redacted |= redactor_.redact_name(line.name, marker_);
}

bool Transcript::message(const Entry& entry, std::string& out) {
    std::optional<OpenRequest> request;
    copy_to_line(entry);
    TapeLine& line = line_;
    if (is_response(line)) {
        request = open_.take(scope_of(entry), line.direction, line.id);
        if (only_known_ && !request) return false;
        if (request) line.method = request->method;
        if (request) line.name = request->name;
    }
    redact(line, line.method);
    const std::size_t begin = out.size();
    append_frame(out, line, extras_of(entry));
    if (line.message.capacity() > kKeptBytes) line.message = std::string();
    if (out.size() - begin > kMaxLineBytes) {
        too_long(begin, line.ts_ms, out);
        return true;
    }
    if (!entry.revision().empty()) revision = entry.revision();
    if (!entry.upstream().empty()) upstream = entry.upstream();
    count(line);
    if (request) correlate(line, *request, out);
    if (line.message_kind == sdk::MessageKind::request) keep_open(line, entry);
    checkpoint_if_due(line.ts_ms, out);
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

void Transcript::count(const TapeLine& line) {
    ++next_seq_;
    ++stats_.frames;
    ++(line.direction == sdk::Direction::client_to_server ? stats_.client_to_server
                                                          : stats_.server_to_client);
    if (line.message_kind == sdk::MessageKind::error) ++stats_.errors;
    stats_.duration_ms = line.ts_ms;
}

void Transcript::keep_open(const TapeLine& line, const Entry& entry) {
    OpenRequest request;
    request.id = line.id;
    request.method = line.method;
    request.name = line.name;
    request.direction = line.direction;
    request.exchange = line.exchange;
    request.seq = line.seq;
    request.ts_ms = line.ts_ms;
    open_.add(scope_of(entry), std::move(request));
}

void Transcript::correlate(const TapeLine& line, const OpenRequest& request, std::string& out) {
    Correlation pair;
    pair.id = request.id;
    pair.method = request.method;
    pair.direction = request.direction;
    pair.exchange = request.exchange;
    pair.status = line.message_kind == sdk::MessageKind::error ? Correlation::Status::error
                                                               : Correlation::Status::success;
    pair.request_seq = request.seq;
    pair.request_ts_ms = request.ts_ms;
    pair.response_seq = line.seq;
    pair.response_ts_ms = line.ts_ms;
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

const EventRecord& Transcript::redacted(const Entry& entry) {
    entry.copy_event(event_);
    if (event_.session == init_.session) event_.session.clear();
    redactor_.redact_event(event_, marker_);
    return event_;
}

void Transcript::remember(const EventRecord& event) {
    using Kind = EventRecord::Kind;
    if (event.kind == Kind::session_opened && !event.text.empty()) client = event.text;
    if (event.kind != Kind::link_opened) return;
    if (!event.upstream.empty()) upstream = event.upstream;
    target = event.target.empty() ? event.text : event.target;
}

void Transcript::note(const Entry& entry) { remember(redacted(entry)); }

void Transcript::event(const Entry& entry, std::string& out) {
    const EventRecord& event = redacted(entry);
    remember(event);
    stats_.duration_ms = since_start(entry.time);
    append_event(out, stats_.duration_ms, event);
    ++stats_.events;
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
        Correlation pair;
        pair.id = request.id;
        pair.method = request.method;
        pair.direction = request.direction;
        pair.exchange = request.exchange;
        pair.request_seq = request.seq;
        pair.request_ts_ms = request.ts_ms;
        pair.response_ts_ms = since_start(at);
        append_correlation(out, pair);
    }
    std::string text(reason);
    redactor_.redact_text(text, marker_);
    append_end(out, since_start(at), text, stats_);
}

}  // namespace shadowcat::tape
