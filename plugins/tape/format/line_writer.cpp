// SPDX-License-Identifier: Apache-2.0
// Puts lines together.
#include "format/line_writer.hpp"

#include "shadowcat/sdk/version.hpp"

#include "format/json_text.hpp"
#include "format/line_pen.hpp"
#include "format/names.hpp"

#include <algorithm>
#include <array>

namespace shadowcat::tape {

namespace {

// What `append_frame` writes from a frame's own members.
constexpr std::array<std::string_view, 14> kFrameMembers = {
    "type", "seq",      "ts",     "dir",      "kind",     "method", "name",
    "id",   "exchange", "stream", "revision", "redacted", "msg",    "raw"};

std::string_view status_name(Correlation::Status status) {
    constexpr std::array<std::string_view, 3> kNames = {"success", "error", "unanswered"};
    return kNames[static_cast<std::size_t>(status)];
}

void append_frame_members(LinePen& pen, const FrameParts& frame) {
    pen.literal(R"({"type":"frame","seq":)").number(frame.seq);
    pen.literal(R"(,"ts":)").milliseconds(frame.ts_ms);
    pen.literal(R"(,"dir":")").raw(name_of(frame.direction));
    pen.literal(R"(","kind":")").raw(name_of(frame.message_kind)).literal("\"");
    if (!frame.method.empty()) pen.literal(R"(,"method":)").quoted(frame.method);
    if (!frame.name.empty()) pen.literal(R"(,"name":)").quoted(frame.name);
    if (!frame.id.empty()) pen.literal(R"(,"id":)").raw(frame.id);
    if (frame.exchange != 0) pen.literal(R"(,"exchange":)").number(frame.exchange);
    if (frame.stream != 0) pen.literal(R"(,"stream":)").number(frame.stream);
    if (!frame.revision.empty()) pen.literal(R"(,"revision":)").quoted(frame.revision);
    if (frame.redacted) pen.literal(R"(,"redacted":true)");
}

void append_other_members(LinePen& pen, const sdk::Json& fields) {
    if (!fields.is_object()) return;
    for (const auto& [key, value] : fields.items()) {
        if (std::ranges::find(kFrameMembers, key) != kFrameMembers.end()) continue;
        pen.literal(",").quoted(key).literal(":");
        pen.raw(value.dump(-1, ' ', false, sdk::Json::error_handler_t::replace));
    }
}

void append_message(LinePen& pen, std::string_view message) {
    if (fits_on_a_line(message)) {
        pen.literal(R"(,"msg":)").raw(message).end_line();
    } else {
        pen.literal(R"(,"raw":)").quoted(message).end_line();
    }
}

std::string text_of(const TapeStats& stats) { return to_json(stats).dump(); }

}  // namespace

bool fits_on_a_line(std::string_view message) noexcept {
    return message.starts_with('{') && message.ends_with('}') &&
           message.find('\n') == std::string_view::npos &&
           message.find('\r') == std::string_view::npos;
}

void append_init(std::string& out, const TapeInit& init) {
    ObjectText object(out);
    object.text("type", "init").text("version", init.version).text("tape_id", init.tape_id);
    object.text("session", init.session).text("created_at", init.created_at);
    object.text("era", name_of(init.era)).text_if("revision", init.revision);
    object.text_if("upstream", init.upstream).boolean("redacted", init.redacted);
    object.number("part", init.part).number("first_seq", init.first_seq);
    object.text("shadowcat", SHADOWCAT_SDK_VERSION).end_line();
}

FrameParts::FrameParts(const TapeLine& line)
    : seq(line.seq),
      ts_ms(line.ts_ms),
      direction(line.direction),
      message_kind(line.message_kind),
      method(line.method),
      name(line.name),
      id(line.id),
      message(line.message),
      exchange(line.exchange),
      stream(line.stream),
      revision(line.revision),
      redacted(line.redacted) {}

void append_frame(std::string& out, const TapeLine& frame) {
    LinePen pen(out);
    append_frame_members(pen, FrameParts(frame));
    append_other_members(pen, frame.fields);
    append_message(pen, frame.message);
}

void append_frame(std::string& out, const FrameParts& frame, const FrameExtras& extras) {
    LinePen pen(out);
    append_frame_members(pen, frame);
    if (extras.made_by_proxy) pen.literal(R"(,"made_by_proxy":true)");
    if (extras.session) pen.literal(R"(,"session":)").quoted(*extras.session);
    if (extras.upstream) pen.literal(R"(,"upstream":)").quoted(*extras.upstream);
    append_message(pen, frame.message);
}

void append_header(std::string& headers, std::string_view name, std::string_view value) {
    LinePen pen(headers);
    if (!headers.empty()) pen.literal(",");
    pen.literal("[").quoted(name).literal(",").quoted(value).literal("]").flush();
}

void make_event_text(EventText& text, const EventRecord& event, std::string_view headers) {
    text.before_stream.clear();
    LinePen before(text.before_stream);
    before.literal(R"(,"event":")").raw(name_of(event.kind));
    before.literal(R"(","hop":")").raw(name_of(event.hop)).literal("\"");
    if (!event.session.empty()) before.literal(R"(,"session":)").quoted(event.session);
    if (!event.upstream.empty()) before.literal(R"(,"upstream":)").quoted(event.upstream);
    before.flush();
    text.behind_stream.clear();
    LinePen behind(text.behind_stream);
    if (!event.method.empty()) behind.literal(R"(,"method":)").quoted(event.method);
    if (!event.target.empty()) behind.literal(R"(,"target":)").quoted(event.target);
    if (event.status > 0)
        behind.literal(R"(,"status":)").number(static_cast<std::uint64_t>(event.status));
    if (!headers.empty()) behind.literal(R"(,"headers":[)").raw(headers).literal("]");
    if (!event.event_id.empty()) behind.literal(R"(,"event_id":)").quoted(event.event_id);
    if (!event.event_name.empty()) behind.literal(R"(,"event_name":)").quoted(event.event_name);
    if (event.retry_ms) behind.literal(R"(,"retry":)").number(*event.retry_ms);
    if (event.data_bytes != 0) behind.literal(R"(,"data_bytes":)").number(event.data_bytes);
    if (!event.text.empty()) behind.literal(R"(,"text":)").quoted(event.text);
    if (event.redacted) behind.literal(R"(,"redacted":true)");
    behind.end_line();
}

void append_event(std::string& out, double ts_ms, std::uint64_t stream, const EventText& text) {
    LinePen pen(out);
    pen.literal(R"({"type":"event","ts":)").milliseconds(ts_ms).raw(text.before_stream);
    if (stream != 0) pen.literal(R"(,"stream":)").number(stream);
    pen.raw(text.behind_stream).flush();
}

void append_event(std::string& out, double ts_ms, const EventRecord& event) {
    std::string headers;
    for (const auto& [name, value] : event.headers)
        append_header(headers, name, value);
    EventText text;
    make_event_text(text, event, headers);
    append_event(out, ts_ms, event.stream, text);
}

void append_correlation(std::string& out, const Correlation& correlation) {
    LinePen pen(out);
    const double ended = correlation.response_ts_ms;
    pen.literal(R"({"type":"correlation","ts":)").milliseconds(ended);
    pen.literal(R"(,"id":)").raw(correlation.id);
    pen.literal(R"(,"dir":")").raw(name_of(correlation.direction)).literal("\"");
    if (!correlation.method.empty()) pen.literal(R"(,"method":)").quoted(correlation.method);
    if (correlation.exchange != 0) pen.literal(R"(,"exchange":)").number(correlation.exchange);
    pen.literal(R"(,"status":")").raw(status_name(correlation.status));
    pen.literal(R"(","request_seq":)").number(correlation.request_seq);
    pen.literal(R"(,"request_ts":)").milliseconds(correlation.request_ts_ms);
    if (correlation.status != Correlation::Status::unanswered) {
        pen.literal(R"(,"response_seq":)").number(correlation.response_seq);
        pen.literal(R"(,"response_ts":)").milliseconds(ended);
        pen.literal(R"(,"rtt_ms":)").milliseconds(ended - correlation.request_ts_ms);
    }
    pen.end_line();
}

void append_checkpoint(std::string& out, double ts_ms, std::uint64_t seq, const TapeStats& stats,
                       std::uint64_t next_part) {
    ObjectText object(out);
    object.text("type", "checkpoint").milliseconds("ts", ts_ms).number("seq", seq);
    object.json("stats", text_of(stats)).number_if("next_part", next_part).end_line();
}

void append_gap(std::string& out, double ts_ms, const Gap& gap) {
    ObjectText object(out);
    object.text("type", "gap").milliseconds("ts", ts_ms).number("dropped", gap.dropped);
    object.number("bytes", gap.bytes).text("reason", gap.reason).end_line();
}

void append_end(std::string& out, double ts_ms, std::string_view reason, const TapeStats& stats) {
    ObjectText object(out);
    object.text("type", "end").milliseconds("ts", ts_ms).text("reason", reason);
    object.json("stats", text_of(stats)).end_line();
}

void append_line(std::string& out, const TapeLine& line) {
    if (line.kind == TapeLine::Kind::frame) return append_frame(out, line);
    out += line.fields.dump(-1, ' ', false, sdk::Json::error_handler_t::replace);
    out += '\n';
}

}  // namespace shadowcat::tape
